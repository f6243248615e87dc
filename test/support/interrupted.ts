import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Outcome } from "./cli";
import { root } from "./fixture";

/** Runs the bundled command line and sends signals in order, each after its text has appeared. */
export function interrupted(
  args: readonly string[],
  signals: readonly (readonly [text: string, signal: NodeJS.Signals])[],
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const waiting = [...signals];
    const output = { stdout: "", stderr: "" };
    const child = spawn(process.execPath, [join(root, "dist/cli.js"), ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (chunk: string) => {
        output[stream] += chunk;
        const [next] = waiting;
        if (!next || !output[stream].includes(next[0])) return;
        waiting.shift();
        child.kill(next[1]);
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...output }));
  });
}
