/** `reward-inspector score` from the command line. */
import { execFileSync } from "node:child_process";
import { cp, link, mkdir, open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readSafetensors } from "../../extension/engine/model-folder/safetensors";
import { cli } from "../support/cli";
import { checkpoint, samplePairs, writePairs } from "../support/fixture";
import { lack } from "../support/lack";
import { temporaryFolder } from "../support/temp-folder";

const model = ["--model", checkpoint, "--device", "cpu"];

interface Line {
  row: number;
  role: string;
  reward: number;
  q: Record<string, { min: number; mean: number; last: number }>;
  tokens: number;
  truncated: number;
  warnings: { kind: string }[];
  tokenScores?: {
    id: number;
    text: string;
    start: number;
    end: number;
    q: Record<string, number>;
    partialReward: number;
  }[];
}

function parsed(text: string): Line[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("without a terminal it prints a plain table on stdout and its settings on stderr", async () => {
  const { code, stdout, stderr } = await cli(["score", samplePairs, ...model, "--limit", "2"]);
  expect(code).toBe(0);
  await expect(stdout).toMatchFileSnapshot("snapshots/score.txt");
  await expect(stderr.replace(/[\d.]+ s$/m, "N s")).toMatchFileSnapshot("snapshots/score-facts.txt");
});

test("--out writes one object per completion to a complete file, and leaves no other file", async () => {
  const folder = await temporaryFolder();
  const out = join(folder, "scores.jsonl");
  const { code, stdout } = await cli(["score", samplePairs, ...model, "--out", out]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(await readdir(folder)).toEqual(["scores.jsonl"]);
  const lines = parsed(await readFile(out, "utf8"));
  expect(lines).toHaveLength(14);
  expect(Object.keys(lines[0] ?? {})).toEqual([
    "row",
    "role",
    "reward",
    "rewardToken",
    "q",
    "tokens",
    "truncated",
    "warnings",
  ]);
  expect(lines.map(({ row, role }) => `${row} ${role}`).slice(0, 3)).toEqual([
    "0 chosen",
    "0 rejected",
    "1 chosen",
  ]);
});

test("--tokens gives each token's range in the completion, Q and partial reward", async () => {
  const { stdout } = await cli(["score", samplePairs, ...model, "--json", "--tokens"]);
  const rows = (await readFile(samplePairs, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const line of parsed(stdout)) {
    const text: string = rows[line.row][line.role];
    const tokens = line.tokenScores ?? [];
    expect(tokens).toHaveLength(line.tokens);
    // Tokens cover the text without gaps, and the appended EOS is empty at the end.
    expect(tokens[0]?.start).toBe(0);
    expect(tokens.at(-1)).toMatchObject({ text: "<|end|>", start: text.length, end: text.length });
    tokens.slice(1).forEach(({ start }, i) => {
      expect(start).toBeLessThanOrEqual(tokens[i]?.end ?? 0);
    });
    expect(line.reward).toBe(tokens.at(-1)?.partialReward);
    const q = tokens.map((token) => token.q.preferred ?? Number.NaN);
    expect(line.q.preferred?.min).toBe(Math.min(...q));
    expect(line.q.preferred?.last).toBe(q.at(-1));
    expect(line.q.preferred?.mean).toBeCloseTo(q.reduce((a, b) => a + b, 0) / q.length, 5);
    for (const value of q) expect(Math.abs(value)).toBeLessThanOrEqual(1.000001);
  }
});

test("scores do not depend on the batch size, and come in input order", async () => {
  const data = join(await temporaryFolder(), "pairs.jsonl");
  await writePairs(data, 120);
  const [one, many] = await Promise.all(
    ["1", "8192"].map(async (tokens) =>
      parsed((await cli(["score", data, ...model, "--json", "--tokens", "--batch-tokens", tokens])).stdout),
    ),
  );
  expect(one).toHaveLength(240);
  one?.forEach((line, i) => {
    const twin = many?.[i];
    expect(twin?.row).toBe(Math.floor(i / 2));
    expect(Math.abs(line.reward - (twin?.reward ?? Number.NaN))).toBeLessThan(1e-4);
    line.tokenScores?.forEach((token, t) => {
      const other = twin?.tokenScores?.[t];
      expect(Math.abs((token.q.preferred ?? 0) - (other?.q.preferred ?? Number.NaN))).toBeLessThan(1e-4);
      expect(Math.abs(token.partialReward - (other?.partialReward ?? Number.NaN))).toBeLessThan(1e-4);
    });
  });
});

test("--show prints the completions, with low-Q tokens in brackets if there are no colors", async () => {
  const { stdout } = await cli(["score", samplePairs, ...model, "--show", "--limit", "1"]);
  await expect(stdout).toMatchFileSnapshot("snapshots/show.txt");
});

test("warnings are part of the output", async () => {
  const data = join(await temporaryFolder(), "odd.jsonl");
  const rows = [
    { prompt: "Say it. ", completion: "" },
    { prompt: "Say it. ", completion: "twice<|end|><|end|>" },
    { prompt: "Say it. ", completion: "word ".repeat(600) },
    { prompt: `${"long ".repeat(600)}`, chosen: "yes", rejected: "no" },
    { prompt: [{ role: "user", content: "Hi" }], completion: [{ role: "assistant", content: "Hello" }] },
  ];
  await writeFile(data, rows.map((row) => JSON.stringify(row)).join("\n"));
  const { stdout } = await cli(["score", data, ...model, "--json"]);
  const lines = parsed(stdout);
  expect(lines.map(({ warnings }) => warnings.map(({ kind }) => kind))).toEqual([
    ["empty-completion"],
    ["eos-doubled"],
    ["truncated", "eos-missing"],
    ["truncated", "eos-missing", "identical-scores"],
    ["truncated", "eos-missing", "identical-scores"],
    [],
  ]);
  expect(lines[2]?.truncated).toBeGreaterThan(0);
  expect(lines[3]).toMatchObject({ tokens: 0, q: { preferred: { min: null } } });
});

test("scores that are not finite are null, with a warning", async () => {
  const broken = join(await temporaryFolder(), "model");
  await cp(checkpoint, broken, { recursive: true });
  const { tensors } = await readSafetensors(join(broken, "model.safetensors"));
  const file = await open(join(broken, "model.safetensors"), "r+");
  await file.write(Float32Array.of(Number.NaN), 0, 4, tensors.get("score.weight")?.offset ?? -1);
  await file.close();
  const flags = ["--model", broken, "--device", "cpu", "--json", "--limit", "1"];
  const [line] = parsed((await cli(["score", samplePairs, ...flags])).stdout);
  expect(line?.reward).toBe(null);
  expect(line?.q.preferred?.min).toEqual(expect.any(Number));
  expect(line?.warnings).toEqual([{ kind: "nan", tokens: line?.tokens }]);
});

test("several goal states are given by name and by file", async () => {
  const goal = join(checkpoint, "goal_states/preferred.safetensors");
  const other = join(await temporaryFolder(), "other.safetensors");
  await writeFile(other, await readFile(goal));
  const { stdout } = await cli([
    "score",
    samplePairs,
    ...model,
    "--json",
    "--limit",
    "1",
    "-g",
    "preferred",
    "-g",
    other,
  ]);
  const [line] = parsed(stdout);
  expect(Object.keys(line?.q ?? {})).toEqual(["preferred", "other"]);
  // Both texts are scored in one batch, but in different rows: kernels may sum in another order there.
  const { min = Number.NaN, mean = Number.NaN, last = Number.NaN } = line?.q.preferred ?? {};
  expect(line?.q.other).toEqual({
    min: expect.closeTo(min, 5),
    mean: expect.closeTo(mean, 5),
    last: expect.closeTo(last, 5),
  });
});

test("bad rows are skipped and reported by line; --strict stops at the first and leaves no file", async () => {
  const folder = await temporaryFolder();
  const data = join(folder, "mixed.jsonl.gz");
  const good = JSON.stringify({ prompt: "1 + 1 = ", completion: "2" });
  await writeFile(data, gzipSync(`${good}\n{"prompt": "1 +\n${good}\n[1, 2]\n`));
  const lenient = await cli(["score", data, ...model, "--json"]);
  expect(lenient.code).toBe(0);
  expect(parsed(lenient.stdout).map(({ row }) => row)).toEqual([0, 2]);
  expect(lenient.stderr).toMatch(/warning mixed\.jsonl\.gz:2: .*row skipped/);
  expect(lenient.stderr).toMatch(/warning mixed\.jsonl\.gz:4: /);
  expect(lenient.stderr).toContain("2 bad rows skipped");

  const strict = await cli(["score", data, ...model, "--strict", "--out", join(folder, "out.jsonl")]);
  expect(strict.code).toBe(1);
  expect(strict.stderr).toMatch(/^error mixed\.jsonl\.gz:2: /m);
  expect(await readdir(folder)).toEqual(["mixed.jsonl.gz"]);
});

test("Ctrl-C exits with 130 and keeps the scored rows under the temporary name", async () => {
  const folder = await temporaryFolder();
  const data = join(folder, "pairs.jsonl");
  await writePairs(data, 60_000);
  const { code, stderr } = await cli(["score", data, ...model, "--out", join(folder, "out.jsonl")], {
    interruptAt: "longest",
  });
  expect(code).toBe(130);
  expect(stderr).toMatch(/interrupted; the rows scored so far are in .*out\.jsonl\.\d+\.partial/);
  expect((await readdir(folder)).filter((name) => name.startsWith("out"))).toEqual([
    expect.stringMatching(/^out\.jsonl\.\d+\.partial$/),
  ]);
});

describe("--out", () => {
  test("rejects the dataset and files of the model before anything is scored", async () => {
    const folder = await temporaryFolder();
    const own = join(folder, "model");
    await cp(checkpoint, own, { recursive: true });
    const data = join(folder, "pairs.jsonl");
    await writePairs(data, 2);
    await link(data, join(folder, "same.jsonl"));
    const goal = join(folder, "other.safetensors");
    await cp(join(own, "goal_states/preferred.safetensors"), goal);
    const inputs = [
      data,
      join(folder, "same.jsonl"),
      join(own, "model.safetensors"),
      join(own, "tokenizer.json"),
      join(own, "goal_states/preferred.safetensors"),
      goal,
    ];
    for (const out of inputs) {
      const before = await readFile(out);
      const flags = ["--model", own, "--device", "cpu", "--goal", goal, "--out", out];
      const { code, stderr } = await cli(["score", data, ...flags]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^error .* is an input file .*; name another file\n$/),
      });
      expect(before.equals(await readFile(out))).toBe(true);
    }
  });

  test("writes directly to a pipe", async ({ skip }) => {
    skip(process.platform === "win32", "Windows has no named pipes in the file system");
    const folder = await temporaryFolder();
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const read = readFile(pipe, "utf8");
    const { code } = await cli(["score", samplePairs, ...model, "--limit", "2", "--out", pipe]);
    expect(code).toBe(0);
    expect(parsed(await read)).toHaveLength(4);
    expect(await readdir(folder)).toEqual(["pipe"]);
  });
});

test("a full disk is reported, and no partial file stays", async ({ skip }) => {
  const folder = await temporaryFolder();
  const disk = join(folder, "disk");
  await mkdir(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "ignore" });
  } catch {
    skip(lack("a small disk cannot be mounted", "npm test on Linux as root"));
  }
  try {
    const data = join(folder, "pairs.jsonl");
    await writePairs(data, 2000);
    const out = join(disk, "out.jsonl");
    const { code, stderr } = await cli(["score", data, ...model, "--out", out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error .*out\.jsonl: could not be written \(ENOSPC: no space left on device, write\); nothing was changed$/m,
    );
    expect(await readdir(disk)).toEqual([]);
  } finally {
    execFileSync("umount", [disk]);
  }
});
