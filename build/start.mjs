/**
 * `npm start` opens the samples with the extension in development mode, using `code` from the PATH or else a headless
 * workbench, whose address it prints. `npm start -- --terminal` scores the samples in the terminal instead.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
const samples = join(root, "models/samples");
const pairs = join(samples, "pairs.jsonl");

const { values } = parseArgs({ options: { terminal: { type: "boolean", default: false } } });
process.exitCode = values.terminal ? scoreInTerminal() : hasCode() ? openInCode() : await serve();

function scoreInTerminal() {
  return runNode([
    join(root, "dist/cli.js"),
    "score",
    pairs,
    "--model",
    join(root, "models/default"),
    "--show",
  ]);
}

/** On Windows, `code` is a .cmd file, which only a shell finds. */
function hasCode() {
  return (
    spawnSync("code", ["--version"], { stdio: "ignore", shell: process.platform === "win32" }).status === 0
  );
}

function openInCode() {
  const args = [`--extensionDevelopmentPath=${root}`, "--new-window", samples, pairs];
  const onWindows = process.platform === "win32";
  const quoted = onWindows ? args.map((arg) => `"${arg}"`) : args;
  const { status } = spawnSync("code", quoted, { stdio: "inherit", shell: onWindows });
  console.log(
    status === 0
      ? "VS Code opens models/samples. Press F1 there and choose Reward Inspector: Run Reward Model."
      : "`code` could not open a window. `npm start -- --terminal` scores the samples without it.",
  );
  return status ?? 1;
}

/** Bundles the workbench server, which is TypeScript, into a temporary folder and starts it. */
async function serve() {
  console.log("There is no `code` on the PATH; starting a headless VS Code instead.");
  const folder = await mkdtemp(join(tmpdir(), "reward-inspector-start-"));
  try {
    const outfile = join(folder, "serve.mjs");
    await build({
      entryPoints: [join(root, "build/workbench/serve-main.ts")],
      outfile,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
    });
    return await runInForeground(outfile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ctrl+C reaches the whole process group: the child exits on its own, and this process waits for it. */
function runInForeground(script) {
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  const child = spawn(process.execPath, [script, root, samples, pairs], { stdio: "inherit" });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code ?? 1));
  });
}

function runNode(args) {
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
}
