/**
 * Since 1.29, ONNX Runtime's builds for Linux and macOS report sessions and models to Microsoft and keep an identifier
 * in the user's cache, unless this is set before they are loaded (https://github.com/microsoft/onnxruntime/pull/27379).
 */
process.env.ORT_DISABLE_TELEMETRY = "1";
