/** `reward-inspector sweep`: its runs, its table, and interruptions. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { SweepMeasures } from "../../extension/cli/sweep/table";
import type { Evaluation } from "../../extension/protocol/evaluation";
import type { EvaluationMetrics, MetricsRow } from "../../extension/protocol/metrics";
import { cli } from "../support/cli";
import { checkpoint, samplePairs, writePairs } from "../support/fixture";
import { interrupted } from "../support/interrupted";
import { temporaryFolder } from "../support/temp-folder";

// A sweep consists of many runs, and machines may be busy.
vi.setConfig({ testTimeout: 240_000 });

interface Combination {
  readonly settings: Record<string, string>;
  readonly runs: readonly { seed: number; run: string; status: string; measures: SweepMeasures }[];
  readonly means: Record<string, { mean: number; interval?: { low: number; high: number } }>;
}

async function combinationsIn(folder: string): Promise<Combination[]> {
  return JSON.parse(await readFile(join(folder, "sweep.json"), "utf8")).combinations;
}

async function bestEvaluation(folder: string): Promise<EvaluationMetrics> {
  const rows: MetricsRow[] = (await readFile(join(folder, "metrics.jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const best = rows.filter((row) => row.kind === "evaluation").reduce((a, b) => (b.loss < a.loss ? b : a));
  return best;
}

async function command(...flags: string[]): Promise<string[]> {
  const data = join(await temporaryFolder(), "pairs.jsonl");
  await writePairs(data, 24);
  const base = ["--eval-share", "0.3", "--eval-steps", "2", "--batch-size", "8"];
  return ["sweep", data, "--model", checkpoint, "--device", "cpu", ...base, ...flags];
}

const grid = ["--grid", "lambda=0.5,0", "--grid", "learning-rate=1e-3,3e-3", "--seeds", "2"];

test("two values each of two flags with two seeds are eight runs, compared in a table", async () => {
  const out = join(await temporaryFolder(), "sweep");
  const { code, stdout } = await cli(await command(...grid, "--out", out, "--test", samplePairs));
  expect(code).toBe(0);
  const found = await combinationsIn(out);
  expect(found.map(({ settings }) => settings)).toEqual([
    { lambda: "0", "learning-rate": "1e-3" },
    { lambda: "0", "learning-rate": "3e-3" },
    { lambda: "0.5", "learning-rate": "1e-3" },
    { lambda: "0.5", "learning-rate": "3e-3" },
  ]);
  const runs = found.flatMap((one) => one.runs);
  expect((await readdir(out)).sort()).toEqual(
    [...runs.map(({ run }) => run), "sweep.json", "sweep.md"].sort(),
  );
  expect(runs.map(({ seed }) => seed)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
  for (const { run, measures, seed } of runs) {
    const { accuracy, rankingLoss, contrastiveLoss, margin } = await bestEvaluation(join(out, run));
    expect(measures).toEqual({
      accuracy,
      ...(run.startsWith("lambda-0-learning-rate-1e-3") ? {} : { accuracyGain: expect.any(Number) }),
      rankingLoss,
      ...(contrastiveLoss === undefined ? {} : { contrastiveLoss }),
      margin,
      testAccuracy: expect.any(Number),
    });
    const { settings } = JSON.parse(await readFile(join(out, run, "run.json"), "utf8"));
    expect(run).toBe(
      `lambda-${settings.loss.lambda}-learning-rate-${settings.learningRate * 1e3}e-3-s${seed}`,
    );
    expect(settings.seed).toBe(seed);
  }
  const last = runs.at(-1);
  const model = ["--model", join(out, last?.run ?? "", "model"), "--device", "cpu"];
  const evaluation: Evaluation = JSON.parse(
    (await cli(["evaluate", samplePairs, ...model, "--json"])).stdout,
  );
  expect(last?.measures.testAccuracy).toBe(evaluation.pairs?.accuracy.value);

  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(5);
  expect(lines[0]?.split(/ {2,}/)).toEqual([
    "settings",
    "runs",
    "accuracy",
    "gain",
    "ranking loss",
    "contrastive loss",
    "margin",
    "test accuracy",
  ]);
  const { mean, interval } = found[3]?.means.rankingLoss ?? { mean: Number.NaN };
  const spread = `${mean.toFixed(3)} ± ${((interval?.high ?? Number.NaN) - mean).toFixed(3)}`;
  expect(lines[4]).toMatch(/^lambda 0\.5, learning-rate 3e-3 /);
  expect(lines[4]).toContain(spread);
  expect(await readFile(join(out, "sweep.md"), "utf8")).toContain(`| ${spread} |`);
});

test("a sweep that was killed and paused resumes, and matches an uninterrupted one", async () => {
  const folder = await temporaryFolder();
  const args = await command(
    "--grid",
    "lambda=0,0.5",
    "--seeds",
    "2",
    "--epochs",
    "12",
    "--eval-steps",
    "10",
  );
  const [whole, broken] = [join(folder, "whole"), join(folder, "broken")];
  expect((await cli([...args, "--out", whole])).code).toBe(0);

  const again = [...args, "--out", broken];
  const killed = await interrupted(again, [["run 2 of 4", "SIGKILL"]]);
  expect(killed.code).toBe(null);
  const first = await readFile(join(broken, "lambda-0-s1/run.json"), "utf8");
  const paused = await interrupted(again, [["run 3 of 4", "SIGINT"]]);
  expect(paused.stderr).toMatch(/^paused; run the same command again to continue the sweep$/m);
  expect(paused.code).toBe(130);
  const last = await cli(again);
  expect(last.code).toBe(0);
  expect(last.stderr).not.toContain("run 2 of 4");
  expect(last.stderr).toContain("run 3 of 4: lambda-0.5-s1");
  expect(await readFile(join(broken, "lambda-0-s1/run.json"), "utf8")).toBe(first);
  expect(await combinationsIn(broken)).toEqual(await combinationsIn(whole));
});

test("a failed run is reported and counted, and the others continue", async () => {
  const out = join(await temporaryFolder(), "sweep");
  const flags = ["--grid", "learning-rate=1e30,1e-3", "--seeds", "1", "--out", out];
  const { code, stdout, stderr } = await cli(await command(...flags));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^warning .*became NaN or infinite/m);
  expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
    /^error .*sweep: 1 run failed; see the warnings above$/,
  );
  const lines = stdout.split("\n");
  expect(lines[1]).toMatch(/^learning-rate 1e30 +0, 1 failed +–/);
  expect(lines[2]).toMatch(/^learning-rate 1e-3 +1 +\d/);
});

test("a folder with runs of other settings is rejected", async () => {
  const out = join(await temporaryFolder(), "sweep");
  const args = await command("--seeds", "1", "--out", out);
  expect((await cli(args)).code).toBe(0);
  const { code, stderr } = await cli([...args, "--samples", "3"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error .*run-s1: holds a run that differs from this sweep in settings/);
});

test.each([
  ["no such flag", ["--grid", "color=red"]],
  ["a value that the flag refuses", ["--grid", "lambda=0,-1"]],
  ["nothing to compare by", ["--eval-share", "0"]],
])("usage: %s", async (_, flags) => {
  const { code, stdout, stderr } = await cli(await command("--out", "x", ...flags));
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error: /);
});
