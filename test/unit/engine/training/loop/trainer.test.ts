/** Trains the tiny checkpoint: what runs learn, and what makes two runs equal. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { MetricsRow, StepMetrics } from "../../../../../extension/protocol/metrics";
import { defaultLoss, type TrainSettings } from "../../../../../extension/protocol/train-settings";
import { samplePairs } from "../../../../support/fixture";
import { temporaryFolder } from "../../../../support/temp-folder";
import {
  datasetOf,
  evaluatingTo,
  evaluations,
  fromNothing,
  planFor,
  quickPlan,
  steps,
  timeless,
  train,
  weightsOf,
} from "../../../../support/training-runs";

afterEach(() => {
  vi.restoreAllMocks();
});

async function fourPairs(): Promise<{ folder: string; dataset: string }> {
  const lines = (await readFile(samplePairs, "utf8")).split("\n").slice(0, 4);
  return datasetOf(lines.map((line) => JSON.parse(line)));
}

/** Mean of a loss over the first and the last three steps. */
function change(rows: readonly MetricsRow[], part: "rankingLoss" | "lmLoss" | "contrastiveLoss") {
  const mean = (some: readonly StepMetrics[]): number =>
    some.reduce((sum, row) => sum + (row[part] ?? Number.NaN), 0) / some.length;
  const all = steps(rows);
  return { first: mean(all.slice(0, 3)), last: mean(all.slice(-3)) };
}

const overfit: Partial<TrainSettings> = {
  epochs: 1000,
  maxSteps: 60,
  evalShare: 0,
  warmup: 0,
  saveSteps: 1000,
};

describe("a model overfits on four pairs", () => {
  test.each<[string, Partial<TrainSettings>, typeof fromNothing | undefined]>([
    ["head", { method: "head", learningRate: 0.1 }, undefined],
    ["head of random weights", { method: "head", learningRate: 0.1 }, fromNothing],
    ["mlp head", { method: "head", head: "mlp", learningRate: 0.02 }, fromNothing],
    ["lora", { method: "lora", learningRate: 0.01 }, undefined],
    ["full", { method: "full", learningRate: 0.002 }, undefined],
    ["full, mlp head", { method: "full", head: "mlp", learningRate: 0.005 }, fromNothing],
  ])("%s", async (_, changes, start) => {
    const { folder, dataset } = await fourPairs();
    const { rows } = await train(planFor(dataset, join(folder, "run"), { ...overfit, ...changes }, start));
    const { first, last } = change(rows, "rankingLoss");
    expect(last).toBeLessThan(0.3 * first);
    expect(steps(rows).at(-1)?.accuracy).toBe(1);
    expect(steps(rows).at(-1)?.margin).toBeGreaterThan(1);
  });

  test("the contrastive loss falls toward its minimum", async () => {
    const { folder, dataset } = await fourPairs();
    const loss = { ...defaultLoss, lambda: 2, negatives: "after-divergence" as const };
    const { rows } = await train(
      planFor(dataset, join(folder, "run"), { ...overfit, method: "full", learningRate: 0.005, loss }),
    );
    const { first, last } = change(rows, "contrastiveLoss");
    expect(last).toBeLessThan(first - 0.2);
  });

  test("a language model predicts the completions it was shown", async () => {
    const { folder, dataset } = await fourPairs();
    const changes: Partial<TrainSettings> = { objective: "language-model", learningRate: 0.005 };
    const { rows, record } = await train(
      planFor(dataset, join(folder, "run"), { ...overfit, ...changes }, fromNothing),
    );
    const { first, last } = change(rows, "lmLoss");
    expect(last).toBeLessThan(0.3 * first);
    expect(steps(rows).at(-1)).not.toHaveProperty("accuracy");
    expect(record.status).toBe("finished");
    expect(record.rewardQuantiles).toBeUndefined();
  });
});

describe("two runs", () => {
  test("with one seed have the same metrics and weights", async () => {
    const [one, two] = [await temporaryFolder(), await temporaryFolder()];
    const [first, second] = [await train(await quickPlan(one)), await train(await quickPlan(two))];
    expect(steps(first.rows).length).toBe(12);
    expect(timeless(second.rows)).toEqual(timeless(first.rows));
    expect((await weightsOf(join(two, "run"))).equals(await weightsOf(join(one, "run")))).toBe(true);
  });

  test("with different seeds differ", async () => {
    const [one, two] = [
      await train(await quickPlan(await temporaryFolder(), { maxSteps: 2 })),
      await train(await quickPlan(await temporaryFolder(), { maxSteps: 2, seed: 2 })),
    ];
    expect(timeless(two.rows)).not.toEqual(timeless(one.rows));
  });
});

test("a step in micro-batches has the ranking loss, gradient and update of one batch", async () => {
  const loss = { ...defaultLoss, lambda: 0, rewardCentering: 0.1 };
  const changes: Partial<TrainSettings> = { loss, batchSize: 8, maxSteps: 6, saveSteps: 1000 };
  const whole = await train(await quickPlan(await temporaryFolder(), { ...changes, batchTokens: 100_000 }));
  // Less than any row has, so each row is a micro-batch.
  const cut = await train(await quickPlan(await temporaryFolder(), { ...changes, batchTokens: 1 }));
  expect(cut.rows.length).toBe(whole.rows.length);
  cut.rows.forEach((row, i) => {
    const other = whole.rows[i];
    expect(row.loss).toBeCloseTo(other?.loss ?? Number.NaN, 4);
    expect(row.rankingLoss).toBeCloseTo(other?.rankingLoss ?? Number.NaN, 4);
    // Rounding may flip the order of a pair whose rewards are almost equal.
    expect(Math.abs((row.accuracy ?? Number.NaN) - (other?.accuracy ?? Number.NaN))).toBeLessThanOrEqual(
      1 / 8,
    );
    if (row.kind === "step" && other?.kind === "step")
      expect(row.gradNorm / other.gradNorm).toBeCloseTo(1, 3);
  });
});

test("a run whose loss no longer falls stops early; its model is the best checkpoint, not the last", async () => {
  const folder = await temporaryFolder();
  const plan = await quickPlan(folder, { evalSteps: 1, patience: 3, maxSteps: 60, saveSteps: 1 });
  // An equal loss is not an improvement.
  const losses = [4, 5, 2, 2, 3, 2];
  const { rows, record } = await train(
    plan,
    {},
    evaluatingTo((step) => losses[step - 1] ?? 0),
  );
  const run = join(folder, "run");
  const found = evaluations(rows);
  const best = 3;
  expect(found.map(({ loss }) => loss)).toEqual(losses.map((loss) => expect.closeTo(loss, 6)));
  expect(found.filter(({ isBest }) => isBest).map(({ step }) => step)).toEqual([1, best]);
  expect(record).toMatchObject({
    status: "finished",
    step: best + 3,
    best: { step: best, loss: expect.closeTo(2, 6) },
  });
  expect(record.reason).toMatch(/no lower loss in 3 evaluations/);
  const name = (step: number): string =>
    `checkpoints/step-${String(step).padStart(6, "0")}/model.safetensors`;
  const model = await weightsOf(run);
  expect(model.equals(await weightsOf(run, name(best)))).toBe(true);
  expect(model.equals(await weightsOf(run, name(best + 3)))).toBe(false);
});

test("a run that is stopped ends with a model, as if its steps were done", async () => {
  const stop = new AbortController();
  const folder = await temporaryFolder();
  const { record, rows } = await train(await quickPlan(folder), { stop: stop.signal }, ({ step }) => {
    if (step === 3) stop.abort();
  });
  expect(rows.length).toBe(3);
  expect(record).toMatchObject({ status: "stopped", step: 3, reason: "stopped after step 3" });
  expect((await weightsOf(join(folder, "run"))).length).toBeGreaterThan(0);
});
