/** Bundles each process of the project into one file of dist/. */
import { build } from "esbuild";

await build({
  entryPoints: {
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
  // The runtime loads its own native libraries and must stay a package.
  external: ["onnxruntime-node"],
  sourcemap: true,
  logLevel: "warning",
});
