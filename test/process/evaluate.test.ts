/** `reward-inspector evaluate`: its numbers compared with those of `score`, its report, and its errors. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ScoredJson } from "../../extension/display/scored-json";
import { EngineClient } from "../../extension/engine/process/client";
import type { Evaluation } from "../../extension/protocol/evaluation";
import { cli } from "../support/cli";
import { checkpoint, root, samplePairs } from "../support/fixture";
import { temporaryFolder } from "../support/temp-folder";

const model = ["-m", checkpoint, "-d", "cpu"];

async function evaluated(data: string, ...flags: string[]): Promise<Evaluation> {
  const { code, stdout, stderr } = await cli(["evaluate", data, ...model, "--json", ...flags]);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^(rows are scored as plain text.*\n)?$/),
  });
  return JSON.parse(stdout);
}

async function scoresOf(data: string): Promise<ScoredJson[]> {
  const { stdout } = await cli(["score", data, ...model, "--json", "--tokens"]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function file(...rows: readonly unknown[]): Promise<string> {
  const path = join(await temporaryFolder(), "data.jsonl");
  await writeFile(path, rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n"));
  return path;
}

/** Answers to sums from two sources; every third answer is incorrect. */
const answers = Array.from({ length: 30 }, (_, i) => ({
  prompt: `What is ${i % 10} + 1?\n`,
  completion: `It is ${(i % 10) + 1 + (i % 3 === 0 ? 1 : 0)}, as ${"one can ".repeat(i % 4)}count.`,
  label: i % 3 !== 0,
  source: i % 2 === 0 ? "even" : "odd",
}));

/** Solutions in two steps: the first, the second or neither is incorrect. */
const solutions = Array.from({ length: 12 }, (_, i) => ({
  prompt: `Take ${i} twice.\n`,
  steps: [`First we write ${i} + ${i} down on paper.`, `Then we count: it is ${2 * i}, so we are done.`],
  first_error: (i % 3) - 1,
}));

test("accuracy and margin of pairs follow from their scores", async () => {
  const scores = await scoresOf(samplePairs);
  const of = (role: string) => scores.filter((score) => score.role === role).map(({ reward }) => reward ?? 0);
  const rejected = of("rejected");
  const margins = of("chosen").map((reward, i) => reward - (rejected[i] ?? Number.NaN));
  const { pairs, rows, completions, prompts, labels, localization } = await evaluated(samplePairs);
  expect({ rows, completions, prompts, labels, localization }).toEqual({
    rows: 7,
    completions: 14,
    prompts: 7,
  });
  expect(pairs?.pairs).toBe(7);
  expect(pairs?.accuracy.value).toBeCloseTo(margins.filter((margin) => margin > 0).length / 7, 12);
  expect(pairs?.margin.value).toBeCloseTo(margins.reduce((total, margin) => total + margin, 0) / 7, 6);
  const { low, high } = pairs?.margin.interval ?? { low: Number.NaN, high: Number.NaN };
  expect(low).toBeLessThan(pairs?.margin.value ?? Number.NaN);
  expect(high).toBeGreaterThan(pairs?.margin.value ?? Number.NaN);
});

test("AUROC of labels follows from the scores: pooled, within groups, and from partial rewards", async () => {
  const data = await file(...answers);
  const scores = await scoresOf(data);
  const share = (chosen: (i: number) => boolean, reward: (score: ScoredJson) => number): number => {
    const of = (label: boolean) =>
      scores.filter((_, i) => chosen(i) && answers[i]?.label === label).map(reward);
    const wins: number[] = of(true).flatMap((r) => of(false).map((w) => (r > w ? 1 : r === w ? 0.5 : 0)));
    return wins.reduce((total, win) => total + win, 0) / wins.length;
  };
  const last = ({ reward }: ScoredJson): number => reward ?? Number.NaN;
  const { labels, prompts } = await evaluated(data);
  expect(prompts).toBe(10);
  expect(labels).toMatchObject({ right: 20, wrong: 10 });
  expect(labels?.auroc.value).toBeCloseTo(
    share(() => true, last),
    12,
  );
  const groups = (share((i) => i % 2 === 0, last) + share((i) => i % 2 === 1, last)) / 2;
  expect(labels?.withinGroups?.value).toBeCloseTo(groups, 12);
  expect(labels?.withinGroups?.groups).toBe(2);
  const half = ({ tokenScores = [] }: ScoredJson): number =>
    tokenScores[Math.floor(tokenScores.length / 2) - 1]?.partialReward ?? Number.NaN;
  expect(labels?.partial[5]).toEqual({
    share: 0.5,
    auroc: expect.closeTo(
      share(() => true, half),
      12,
    ),
  });
  expect(labels?.partial[10]?.auroc).toBe(labels?.auroc.value);
  const { labels: named } = await evaluated(data, "--field", "group=prompt");
  expect(named?.withinGroups?.groups).toBe(10);
});

test("the first low token is located by its offsets and the given threshold", async () => {
  const data = await file(...solutions);
  const scores = await scoresOf(data);
  const count = { inside: 0, earlier: 0, later: 0, none: 0, alarms: 0 };
  scores.forEach(({ tokenScores = [] }, i) => {
    const low = tokenScores.slice(2).find(({ q }) => (q.preferred ?? 1) < -0.22);
    const firstError = (i % 3) - 1;
    const second = solutions[i]?.steps[0]?.length ?? 0;
    if (firstError < 0) count.alarms += low ? 1 : 0;
    else if (!low) count.none++;
    // The line break after the first step belongs to it, even if its token extends into the second.
    else if (firstError === 0) count[low.start < second + 1 ? "inside" : "later"]++;
    else count[low.end > second + 1 ? "inside" : "earlier"]++;
  });
  const { localization } = await evaluated(data, "--threshold", "-0.22", "--skip", "2");
  expect(localization?.preferred).toMatchObject({ wrong: 8, right: 4, leftOut: 0 });
  for (const place of ["inside", "earlier", "later", "none"] as const) {
    expect(count[place]).toBeGreaterThan(0);
    expect(localization?.preferred?.[place]).toBeCloseTo(count[place] / 8, 12);
  }
  expect(localization?.preferred?.alarms).toBeCloseTo(count.alarms / 4, 12);
  const strict = (await evaluated(data, "--threshold", "-1")).localization?.preferred;
  expect(strict).toMatchObject({ none: 1, inside: 0, alarms: 0 });
});

test("the report gives the metrics, counts and confidence intervals", async () => {
  const rows = [...answers, ...solutions];
  const { code, stdout, stderr } = await cli(["evaluate", await file(...rows, "{"), ...model]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning data\.jsonl:43: .*\(row skipped\)$/m);
  expect(stdout).toMatch(
    /^checkpoint on data\.jsonl: 42 rows, 42 completions\n1 bad row skipped\nrewards from/,
  );
  expect(stdout).toMatch(/^24 correct completions, 18 incorrect ones$/m);
  expect(stdout).toMatch(/^ +0\.\d{3} {2}\[0\.\d{3}, 0\.\d{3}\] {2}AUROC +probability that/m);
  expect(stdout).toMatch(/AUROC within groups +mean of 2 groups with both$/m);
  expect(stdout).toMatch(/^8 incorrect solutions, 4 correct ones; goal state preferred$/m);
  expect(stdout).toMatch(/% +in the wrong step +a random token is there in \d+\.\d%$/m);
  expect(stdout).toMatch(/^\[95% intervals\] from 1,000 bootstrap resamples of the 22 prompts, seed 1$/m);
});

test.each([
  [
    [{ prompt: "2 + 3 = ", completion: "5" }],
    /^error data\.jsonl: has nothing to measure a model by: rows need/m,
  ],
  [["{"], /^error data\.jsonl: has no row that can be scored$/m],
])("%j fails in one line", async (rows, message) => {
  const { code, stdout, stderr } = await cli(["evaluate", await file(...rows), ...model]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(message);
});

test("flags out of range are errors, and so is a missing goal state", async () => {
  const usage = await cli(["evaluate", samplePairs, ...model, "--threshold", "2"]);
  expect(usage).toMatchObject({ code: 2, stderr: expect.stringContaining("It must be a number in [-1, 1]") });
  const goal = await cli(["evaluate", samplePairs, ...model, "--goal", "kind"]);
  expect(goal).toMatchObject({ code: 1, stderr: expect.stringContaining("there is no such goal state") });
});

test("the engine process gives the same evaluation, which its seed determines", async () => {
  const client = new EngineClient({ engineFile: join(root, "dist/engine.js") });
  onTestFinished(() => client.dispose());
  const dataset = await file(...answers);
  const rowFormats: (string | undefined)[] = [];
  const found = await client.evaluate(
    { run: "test", model: checkpoint, device: "cpu", dataset, threshold: 0, skip: 5, seed: 7 },
    {
      started: ({ rowFormat }) => rowFormats.push(rowFormat),
      progress: () => undefined,
      rows: async () => undefined,
    },
  );
  expect(rowFormats).toEqual(["single completions (prompt, completion, label)"]);
  const printed = await evaluated(dataset, "--seed", "7");
  expect(printed).toMatchObject(JSON.parse(JSON.stringify(found)));
  expect((await evaluated(dataset, "--seed", "8")).labels?.auroc).not.toEqual(printed.labels?.auroc);
});
