/** Executes a setup command, silently unless it fails. */
import { spawn } from "node:child_process";
import { InputError } from "../../extension/engine/errors";

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What to do if the command fails. */
  readonly remedy: string;
}

/** Variables that npm sets for its scripts, which would mislead an npm that works in another folder. */
const ofOuterNpm = /^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|npm_command$|INIT_CWD$)/;

/** Number of output lines that an error includes. */
const tail = 15;

/** @returns the output on stdout and stderr. @throws InputError with the last lines of the output and the remedy */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = {}, remedy }: CommandOptions,
): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !ofOuterNpm.test(name));
  const place = [command, ...args].join(" ");
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
    }
    child.once("error", (error) =>
      reject(new InputError(place, `did not start (${error.message}); ${remedy}`)),
    );
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else {
        const last = output.trimEnd().split("\n").slice(-tail).join("\n");
        reject(new InputError(place, `ended with ${code}; ${remedy}\n${last}`));
      }
    });
  });
}
