/**
 * `npm start`: builds, then opens the samples with the extension in development mode, in the `code` on the PATH, or else
 * in a headless workbench whose address it prints. `npm start -- --terminal` scores them in the terminal.
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

/** On Windows `code` is a .cmd, which only a shell finds. */
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
      ? "VS Code opens models/samples. There: F1, Reward Inspector: Run Reward Model."
      : "`code` could not open a window here; `npm start -- --terminal` scores the samples without it.",
  );
  return status ?? 1;
}

/** The harness is TypeScript: bundled into a folder that goes again. */
async function serve() {
  console.log("There is no `code` on the PATH: a VS Code without a screen takes its place.");
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

/** Ctrl+C goes to the whole group: the child ends by itself, and this process waits for it. */
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
