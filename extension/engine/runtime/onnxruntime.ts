/** The runtime without its telemetry: it is imported from here, and from nowhere else. */
import "./no-telemetry";

// biome-ignore lint/performance/noBarrelFile: whoever imports the runtime must turn its telemetry off first
export { env, InferenceSession, listSupportedBackends, Tensor } from "onnxruntime-node";
