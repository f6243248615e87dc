/** Execution providers of the runtime, by the names users give them. */
export const providers = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;
export type Provider = (typeof providers)[number];

/** Where and how graphs run. `primitive` kernels serve providers whose fused attention gives wrong numbers. */
export interface Device {
  readonly provider: Provider;
  readonly kernels: "fused" | "primitive";
}

export const cpu: Device = { provider: "cpu", kernels: "fused" };
