import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./fixture";

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends this signal after the given text has appeared on stdout or stderr. */
  readonly interruptAt?: string;
}

/** Runs the bundled command line without a terminal. */
export function cli(
  args: readonly string[],
  { cwd = root, env = {}, interruptAt }: CliOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "dist/cli.js"), ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    let isInterrupted = false;
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (chunk: string) => {
        output[stream] += chunk;
        // Sent only once, because a process that is about to exit has no handler for a second signal.
        if (isInterrupted || interruptAt === undefined || !output[stream].includes(interruptAt)) return;
        isInterrupted = child.kill("SIGINT");
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...output }));
  });
}
