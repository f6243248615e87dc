/** `npm start` with a `code` on the PATH, and in the terminal. */
import { spawnSync } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/fixture";
import { missing } from "../support/machine";
import { temporaryFolder } from "../support/temp-folder";

/** @param code lines of a shell script that replaces `code` */
async function startWith(code: string): Promise<{ status: number | null; stdout: string; folder: string }> {
  const folder = await temporaryFolder();
  const script = join(folder, "code");
  await writeFile(script, `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${code}\n`);
  await chmod(script, 0o755);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, FOLDER: folder };
  const { status, stdout } = spawnSync(process.execPath, [join(root, "build/start.mjs")], {
    env,
    encoding: "utf8",
  });
  return { status, stdout, folder };
}

test("`code` from the PATH opens the samples with the extension in development mode", async ({ skip }) => {
  skip(missing.posix !== undefined, missing.posix);
  const { status, stdout, folder } = await startWith(`printf '%s\\n' "$@" > "$FOLDER/arguments"`);
  expect(status).toBe(0);
  const samples = join(root, "models/samples");
  expect((await readFile(join(folder, "arguments"), "utf8")).trim().split("\n")).toEqual([
    `--extensionDevelopmentPath=${root.replace(/\/$/, "")}`,
    "--new-window",
    samples,
    join(samples, "pairs.jsonl"),
  ]);
  expect(stdout).toContain("Run Reward Model");
});

test("if `code` opens no window, the error suggests the terminal", async ({ skip }) => {
  skip(missing.posix !== undefined, missing.posix);
  const { status, stdout } = await startWith("exit 3");
  expect(status).toBe(3);
  expect(stdout).toContain("npm start -- --terminal");
});

test("the samples are scored in the terminal with their text", () => {
  const { status, stdout } = spawnSync(process.execPath, [join(root, "build/start.mjs"), "--terminal"], {
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toContain("Step 1: Ana starts with 2 * 7 = 14 oranges.");
});
