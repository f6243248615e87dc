/** Bundles each process of the project, and each webview, into one file of dist/. */
import { build } from "esbuild";

await build({
  entryPoints: {
    extension: "extension/extension.ts",
    cli: "extension/cli/main.ts",
    engine: "extension/engine/server-main.ts",
    probe: "extension/engine/runtime/probe-main.ts",
    generate: "models/recipe/generate-main.ts",
    "train-default": "models/recipe/train-main.ts",
  },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // The editor brings its own API; the runtime loads its own native libraries and must stay a package.
  external: ["vscode", "onnxruntime-node"],
  sourcemap: true,
  logLevel: "warning",
});

await build({
  entryPoints: { compare: "webview/compare/main.ts" },
  outdir: "dist/webview",
  bundle: true,
  platform: "browser",
  target: "chrome120",
  format: "iife",
  minify: true,
  logLevel: "warning",
});
