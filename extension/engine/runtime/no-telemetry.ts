/**
 * From 1.29 on the runtime's builds for Linux and macOS tell Microsoft of sessions and models, and keep an identifier in
 * the user's cache, unless this is set before they are loaded (https://github.com/microsoft/onnxruntime/pull/27379).
 */
process.env.ORT_DISABLE_TELEMETRY = "1";
