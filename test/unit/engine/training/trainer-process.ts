/** Runs trainer-main.ts in its own process, bundled like the project's processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

export async function bundleTrainer(folder: string): Promise<string> {
  const outfile = join(folder, "trainer.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "trainer-main.ts")],
    outfile,
    bundle: true,
    platform: "node",
  });
  return outfile;
}

/** Waits until the process has printed a text. Throws, with its output, if it ends before. */
export function printed(child: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
        if (output.includes(text)) resolve(output);
      });
    }
    child.once("error", reject);
    child.once("close", () => reject(new Error(`ended without "${text}": ${output}`)));
  });
}

export function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.kill("SIGKILL");
  });
}

export function startTrainer(bundle: string, runFolder: string): ChildProcess {
  return spawn(process.execPath, [bundle, runFolder], { stdio: ["ignore", "pipe", "pipe"] });
}

/** A trainer whose files cannot exceed 12 KiB: as on a full disk, one write is cut short and the next one fails. */
export function startCrampedTrainer(bundle: string, runFolder: string): ChildProcess {
  const script = `trap '' XFSZ; ulimit -f 24; exec "$0" "$@"`;
  return spawn("sh", ["-c", script, process.execPath, bundle, runFolder], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}
