/** Bundles the command line and the benchmark, and starts the benchmark. README.md lists the options. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

const started = process.cwd();
const root = join(import.meta.dirname, "..");
process.chdir(root);
// Bundles in node_modules can resolve the runtime, and tools don't mistake them for source files.
const built = join(root, "node_modules/.cache/reward-inspector-bench");
run("esbuild.mjs");
await build({
  entryPoints: {
    scoring: "bench/scoring.ts",
    training: "bench/training.ts",
    live: "bench/live-edit.ts",
    scores: "bench/scores.ts",
    engine: "bench/peers/engine.ts",
    "train-step": "bench/peers/train-step.ts",
  },
  outdir: built,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["onnxruntime-node"],
  logLevel: "warning",
});
process.chdir(started);
const [first, ...rest] = process.argv.slice(2);
if (first === "training" || first === "live" || first === "scores") run(join(built, `${first}.cjs`), ...rest);
else run(join(built, "scoring.cjs"), ...process.argv.slice(2));

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
