/** Output to the terminal, and what happens if it is closed or a file is full. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, open, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli } from "../support/cli";
import { checkpoint, root, samplePairs, writePairs } from "../support/fixture";
import { temporaryFolder } from "../support/temp-folder";

const model = ["--model", checkpoint, "--device", "cpu"];
/** Control characters that clear the screen, set the title and reverse text. */
const hostile = "\x1b[2J\x1b]0;mine\x07\x9b31m\u202e\x7f";
const raw = /(?!\n|\t)[\p{Cc}\u202e]/u;
/** The color codes that chalk writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the test searches for them
const colors = /\x1b\[[\d;]*m/;

describe("stdout that accepts no more", () => {
  const data = async (): Promise<string> => {
    const file = join(await temporaryFolder(), "pairs.jsonl");
    await writePairs(file, 5000);
    return file;
  };

  test.for([
    ["score --json", async () => ["score", await data(), ...model, "--json"]],
    ["score", async () => ["score", samplePairs, ...model]],
    ["evaluate", async () => ["evaluate", samplePairs, ...model]],
    ["inspect", async () => ["inspect", checkpoint]],
    ["help", async () => ["--help"]],
  ] as const)("of %s ends with a one-line error if it is full", async ([, args], { skip }) => {
    skip(!existsSync("/dev/full"), "only Linux has a device that is always full");
    const full = await open("/dev/full", "w");
    const { code, stderr } = await run(await args(), full.fd);
    await full.close();
    expect(stderr.match(/^error .*$/gm)).toEqual([
      expect.stringMatching(/^error standard output: could not be written \(ENOSPC: [^)]*\)$/),
    ]);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(1);
  });

  test("ends without an error if its reader closes it", async () => {
    const { code, stderr } = await run(["score", await data(), ...model, "--json"], "pipe");
    expect(stderr).not.toMatch(/error|EPIPE|^ {4}at /m);
    expect(code).toBe(141);
  });

  test("pauses a training run, with a checkpoint to resume from", async () => {
    const out = join(await temporaryFolder(), "run");
    const flags = ["--method", "head", "--epochs", "40", "--batch-size", "2", "--json", "--out", out];
    const { code, stderr } = await run(["train", samplePairs, ...model, ...flags], "pipe");
    expect(code).toBe(141);
    expect(stderr).toContain("paused after step");
    expect((await readdir(join(out, "checkpoints"))).length).toBeGreaterThan(0);
  });
});

/** @param stdout a file, or a pipe that is closed after the first chunk */
function run(
  args: readonly string[],
  stdout: number | "pipe",
): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "dist/cli.js"), ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", stdout, "pipe"],
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.stdout?.once("data", () => child.stdout?.destroy());
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stderr }));
  });
}

describe("control characters of the data", () => {
  const rows = async (): Promise<string> => {
    const file = join(await temporaryFolder(), "rows.jsonl");
    const row = { prompt: `Say ${hostile}. `, chosen: `A${hostile}b`, rejected: "c" };
    const bad = { prompt: "a", chosen: { [hostile]: 1 } };
    await writeFile(file, `${JSON.stringify(row)}\n${JSON.stringify(bad)}\n`);
    return file;
  };

  test.each(["0", "3"])("are escaped by --show, with colors at level %s", async (level) => {
    const env = level === "0" ? {} : { FORCE_COLOR: level, NO_COLOR: "" };
    const { code, stdout, stderr } = await cli(["score", await rows(), ...model, "--show"], { env });
    expect(code).toBe(0);
    expect(colors.exec(stdout) !== null).toBe(level !== "0");
    const plain = stdout.replaceAll(new RegExp(colors, "g"), "");
    expect(plain).not.toMatch(raw);
    expect(plain.replace(/[⟦⟧]/g, "")).toContain("A\\u001b[2J\\u001b]0;mine\\u0007\\u009b31m\\u202e\\u007fb");
    expect(stderr.replaceAll(new RegExp(colors, "g"), "")).not.toMatch(raw);
  });

  test("are escaped in JSON, which preserves them", async () => {
    const { stdout } = await cli(["score", await rows(), ...model, "--json", "--tokens"]);
    expect(stdout).not.toMatch(raw);
    const [line] = stdout.split("\n");
    const { tokenScores } = JSON.parse(line ?? "") as { tokenScores: { text: string }[] };
    expect(tokenScores.map(({ text }) => text).join("")).toContain("\x1b");
  });

  test("are escaped in errors and warnings that quote them, one line each", async ({ skip }) => {
    skip(process.platform === "win32", "Windows does not allow such names");
    const folder = join(await temporaryFolder(), `mod\nel${hostile}`);
    await mkdir(folder);
    await cp(checkpoint, folder, { recursive: true });
    await writeFile(join(folder, "config.json"), JSON.stringify({ model_type: `x${hostile}` }));
    const broken = await cli(["score", samplePairs, "--model", folder, "--device", "cpu"]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).not.toMatch(raw);
    expect(broken.stderr.trimEnd().split("\n")).toHaveLength(1);
    const inspected = await cli(["inspect", folder]);
    expect(inspected.stderr).not.toMatch(raw);
  });

  test("are escaped in file names", async ({ skip }) => {
    skip(process.platform === "win32", "Windows does not allow such names");
    const folder = await temporaryFolder();
    const data = join(folder, `pairs${hostile}.jsonl`);
    await rename(await rows(), data);
    for (const args of [
      ["score", data, ...model, "--strict"],
      ["score", `${data}.missing`, ...model],
      ["score", data, ...model, "--out", join(folder, `out${hostile}`)],
      ["evaluate", data, ...model],
      ["runs", join(folder, hostile)],
      ["score", data, ...model, `--${hostile}`],
    ]) {
      const { stdout, stderr } = await cli(args);
      expect(stdout + stderr).not.toMatch(raw);
      expect(stdout + stderr).not.toBe("");
    }
  });
});
