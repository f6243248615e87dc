/** The devices on which graphs are evaluated. */
import type { Provider } from "../../protocol/models";

/** An execution provider and the kernels to use on it; `primitive` if its fused kernels are incorrect or slower. */
export interface Device {
  readonly provider: Provider;
  readonly kernels: "fused" | "primitive";
}

export const cpu: Device = { provider: "cpu", kernels: "fused" };
