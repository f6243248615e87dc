/** `reward-inspector train` and `runs` from the command line: complete, killed and paused runs, and bad input. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { MetricsRow } from "../../extension/protocol/metrics";
import type { RunRecord } from "../../extension/protocol/runs";
import { cli } from "../support/cli";
import { checkpoint, samplePairs, writePairs } from "../support/fixture";
import { interrupted } from "../support/interrupted";
import { temporaryFolder } from "../support/temp-folder";

// Runs are interrupted and resumed, and machines may be busy.
vi.setConfig({ testTimeout: 240_000 });

const start = ["--model", checkpoint, "--device", "cpu"];

interface Listed {
  readonly status: string;
  readonly record: RunRecord;
}

async function record(folder: string): Promise<RunRecord> {
  return JSON.parse(await readFile(join(folder, "run.json"), "utf8"));
}

function rowsIn(text: string): MetricsRow[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Removes timings. */
function timeless(rows: readonly MetricsRow[]): unknown[] {
  return rows.map((row) => ({ ...row, tokensPerSecond: undefined }));
}

async function metrics(folder: string): Promise<MetricsRow[]> {
  return rowsIn(await readFile(join(folder, "metrics.jsonl"), "utf8"));
}

async function pairs(rows: number): Promise<string> {
  const path = join(await temporaryFolder(), "pairs.jsonl");
  await writePairs(path, rows);
  return path;
}

test("a run of six steps reports its progress, and writes a model that scores", async () => {
  const out = join(await temporaryFolder(), "first");
  const flags = ["--eval-share", "0.2", "--batch-size", "6", "--eval-steps", "3", "--out", out];
  const { code, stdout, stderr } = await cli(["train", await pairs(40), ...start, ...flags]);
  expect(code).toBe(0);
  const lines = stderr.trimEnd().split("\n");
  expect(lines.slice(0, 8).map((line) => line.split(" ")[0])).toEqual([
    "data",
    "model",
    "trained",
    "loss",
    "memory",
    "steps",
    "device",
    "run",
  ]);
  const { best, steps, trainingPairs, evaluationPairs } = await record(out);
  expect(lines[0]).toContain(`${trainingPairs} pairs to train on, ${evaluationPairs} held out`);
  expect(trainingPairs + evaluationPairs).toBe(40);
  // With fewer than ten steps, each step has a line, and so does every evaluation.
  const shown = lines.slice(8).map((line) => line.split(/[/,] ?/)[0]);
  expect(steps).toBe(Math.ceil(trainingPairs / 6));
  expect(shown.filter((line) => line?.startsWith("step"))).toEqual(
    Array.from({ length: steps }, (_, i) => `step ${i + 1}`),
  );
  expect(shown.filter((line) => line?.startsWith("evaluation"))).toEqual(
    [...new Set([3, 6, steps])].map((step) => `evaluation after step ${step}`),
  );
  expect(stdout).toContain(
    `best evaluation, after step ${best?.step} of ${steps}: loss ${best?.loss.toFixed(3)}`,
  );

  const next = /next {6}reward-inspector (.*)/.exec(stdout)?.[1]?.split(" ") ?? [];
  expect(next).toEqual([
    "score",
    expect.stringContaining("pairs.jsonl"),
    "--model",
    join(out, "model"),
    "--show",
  ]);
  const scores = await cli([...next, "--device", "cpu", "--limit", "3"]);
  expect(scores.code).toBe(0);
  expect(scores.stdout).toMatch(/row 2 rejected {2}reward -?\d/);
  expect(scores.stdout).toContain("(preferred)");
});

test("--json prints only the rows of metrics.jsonl on stdout", async () => {
  const out = join(await temporaryFolder(), "run");
  const { code, stdout } = await cli([
    "train",
    samplePairs,
    ...start,
    "--out",
    out,
    "--eval-share",
    "0",
    "--json",
  ]);
  expect(code).toBe(0);
  expect(rowsIn(stdout)).toEqual(await metrics(out));
  expect(rowsIn(stdout).length).toBe(1);
});

test("a new model can be warmed up from a config.json alone", async () => {
  const out = join(await temporaryFolder(), "run");
  const config = join(checkpoint, "config.json");
  const flags = ["--init", config, "--method", "full", "--objective", "language-model", "--max-steps", "2"];
  const { code, stdout, stderr } = await cli(["train", samplePairs, ...flags, "-d", "cpu", "--out", out]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^loss +language model, on chosen completions$/m);
  // The model has no reward head to score with yet.
  expect(stdout).toMatch(/^next +reward-inspector train /m);
});

/** Many short steps with many checkpoints, so that the run can be interrupted. */
const manySteps = [
  ...["--eval-share", "0.2", "--batch-size", "2", "--epochs", "10", "--max-steps", "60"],
  ...["--eval-steps", "7", "--save-steps", "4", "--lora-dropout", "0.1", "--learning-rate", "1e-3"],
];

test("killed and paused runs resume, and match the metrics of an uninterrupted one", async () => {
  const folder = await temporaryFolder();
  const data = await pairs(40);
  const [whole, broken] = [join(folder, "whole"), join(folder, "broken")];
  expect((await cli(["train", data, ...start, ...manySteps, "--out", whole])).code).toBe(0);

  const first = ["train", data, ...start, ...manySteps, "--out", broken, "--json"];
  const killed = await interrupted(first, [['"step":10,', "SIGKILL"]]);
  expect(killed.code).toBe(null);
  expect(await statusOf(broken)).toBe("interrupted");

  const resume = ["train", "--resume", broken, "--device", "cpu"];
  const paused = await interrupted([...resume, "--json"], [['"step":30,', "SIGINT"]]);
  expect(paused.code).toBe(130);
  expect(paused.stderr).toContain("pausing after this step; Ctrl-C again quits now");
  const { status, step } = await record(broken);
  expect(status).toBe("paused");
  expect(step).toBeGreaterThanOrEqual(30);
  expect(step).toBeLessThan(60);
  expect(paused.stderr.trimEnd().split("\n").at(-1)).toBe(
    `paused after step ${step} of 60; continue with: reward-inspector train --resume ${broken}`,
  );
  expect(await statusOf(broken)).toBe("paused");

  const last = await cli(resume);
  expect(last.code).toBe(0);
  expect(last.stderr).toContain(`60 of 2 pairs, ${step} of them done`);
  expect(timeless(await metrics(broken))).toEqual(timeless(await metrics(whole)));
  expect((await record(broken)).best).toEqual((await record(whole)).best);
});

async function statusOf(folder: string): Promise<string | undefined> {
  const { stdout } = await cli(["runs", folder, "--json"]);
  const [run]: Listed[] = JSON.parse(stdout);
  return run?.status;
}

test("a second Ctrl-C exits immediately", async () => {
  const out = join(await temporaryFolder(), "run");
  // One step over the whole dataset takes long enough to be interrupted twice.
  const flags = ["--batch-size", "3000", "--eval-share", "0", "--epochs", "3", "--out", out];
  const { code, stderr } = await interrupted(
    ["train", await pairs(3000), ...start, ...flags],
    [
      ["run   ", "SIGINT"],
      ["pausing", "SIGINT"],
    ],
  );
  expect(code).toBe(130);
  expect(stderr).not.toContain("paused after");
  expect(await statusOf(out)).toBe("interrupted");
});

test("runs are listed newest first, with an unreadable one last", async () => {
  const folder = await temporaryFolder();
  for (const [name, lambda] of [
    ["plain", "0"],
    ["contrastive", "0.5"],
  ] as const) {
    const flags = ["--eval-share", "0.2", "--lambda", lambda, "--out", join(folder, name)];
    expect((await cli(["train", await pairs(30), ...start, ...flags])).code).toBe(0);
  }
  expect((await cli(["train", samplePairs, ...start, "--out", join(folder, "torn")])).code).toBe(0);
  await writeFile(join(folder, "torn/run.json"), "{");
  const { code, stdout } = await cli(["runs"], { cwd: folder });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
    ["run", "status"],
    ["contrastive", "finished"],
    ["plain", "finished"],
    ["torn", expect.stringContaining("cannot be read: ")],
  ]);
  await rm(join(folder, "torn"), { recursive: true });
  const listed: Listed[] = JSON.parse((await cli(["runs", folder, "--json"])).stdout);
  expect(listed.map(({ record: { settings } }) => settings.loss.lambda)).toEqual([0.5, 0]);
  const nothing = await cli(["runs", join(folder, "plain/model")]);
  expect(nothing).toEqual({ code: 0, stdout: "", stderr: expect.stringContaining("no training runs in") });
});

test.each([
  ["no data", []],
  ["no model", [samplePairs, "--out", "x"]],
  ["a model and a configuration", [samplePairs, "--out", "x", ...start, "--init", "config.json"]],
  ["no folder for the run", [samplePairs, ...start]],
  ["a share above 1", [samplePairs, ...start, "--out", "x", "--warmup", "2"]],
  ["a resumed run with data", [samplePairs, "--resume", "x"]],
  ["a resumed run with other settings", ["--resume", "x", "--lambda", "0"]],
])("usage: %s", async (_, args) => {
  const { code, stdout, stderr } = await cli(["train", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error: /);
});

test("bad input is a one-line error with its place, and leaves no folder", async () => {
  const folder = await temporaryFolder();
  const out = join(folder, "run");
  const without = join(folder, "without.jsonl");
  await writeFile(without, '{"prompt": "a", "completion": "b"}\n');
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["no-such.jsonl", ...start, "--out", out], /no-such\.jsonl: cannot be read/],
    [
      [samplePairs, "-m", "no-such-model", "-d", "cpu", "--out", out],
      /no-such-model: there is no such model/,
    ],
    [[samplePairs, ...start, "--out", folder], /is not empty; choose a new folder for the run/],
    [[without, ...start, "--out", out], /without\.jsonl: has nothing to train on/],
    [["--resume", join(folder, "none")], /none: this run folder does not exist/],
    [["--resume", checkpoint], /is not a training run: it has no run\.json/],
  ];
  for (const [args, message] of cases) await expectOneLine(["train", ...args], message);
  await expectOneLine(["runs", "no-such-folder"], /no-such-folder: there is no such folder/);
  expect(await readdir(folder)).toEqual(["without.jsonl"]);
});

async function expectOneLine(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stderr } = await cli(args);
  expect(stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(/^error /)]);
  expect(stderr).toMatch(message);
  expect(code).toBe(1);
}
