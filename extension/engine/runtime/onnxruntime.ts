/** ONNX Runtime without telemetry. All modules must import it from here. */
import "./no-telemetry";

// biome-ignore lint/performance/noBarrelFile: telemetry must be disabled before ONNX Runtime is imported
export { env, InferenceSession, listSupportedBackends, Tensor } from "onnxruntime-node";
