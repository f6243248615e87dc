/** Where and how graphs run. */
import type { Provider } from "../../protocol/models";

/** Where and how graphs run. `primitive` kernels serve providers whose fused attention gives wrong numbers. */
export interface Device {
  readonly provider: Provider;
  readonly kernels: "fused" | "primitive";
}

export const cpu: Device = { provider: "cpu", kernels: "fused" };
