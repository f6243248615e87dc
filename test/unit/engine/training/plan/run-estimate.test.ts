/** Tests that estimates match the run that follows, and refuse what the run would refuse. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InputError } from "../../../../../extension/engine/errors";
import { cpu } from "../../../../../extension/engine/runtime/device";
import type { RunInputs } from "../../../../../extension/engine/training/plan/opened-run";
import { estimateRun } from "../../../../../extension/engine/training/plan/run-estimate";
import type { TrainSettings } from "../../../../../extension/protocol/train-settings";
import { checkpoint, root } from "../../../../support/fixture";
import { temporaryFolder } from "../../../../support/temp-folder";
import { datasetOf, quickPlan, quickSettings, train } from "../../../../support/training-runs";

function inputs(dataset: string, changes: Partial<TrainSettings> = {}, model = checkpoint): RunInputs {
  return { model, data: { path: dataset }, chat: false, settings: { ...quickSettings, ...changes } };
}

test.each(["full", "lora", "head"] as const)(
  "%s: pairs, parameters and steps equal those of the run",
  async (method) => {
    const plan = await quickPlan(await temporaryFolder(), { method, maxSteps: 1 });
    const estimate = await estimateRun(inputs(plan.dataset, { method, maxSteps: 1 }), cpu);
    const { record, rows } = await train(plan);
    expect(estimate).toMatchObject({
      trainingPairs: record.trainingPairs,
      evaluationPairs: record.evaluationPairs,
      leftOut: record.leftOut,
      parameters: record.parameters,
      trainableParameters: record.trainableParameters,
      steps: record.steps,
    });
    // Tokens that a pair's completions share count once here, but twice in the run's metrics.
    const tokens = rows.flatMap((row) => (row.kind === "step" ? [row.tokens] : []));
    expect(estimate.tokensPerStep).toBeGreaterThan(0);
    expect(estimate.tokensPerStep).toBeLessThan(2 * Math.max(...tokens));
    expect(estimate.seconds).toBeGreaterThan(0);
  },
);

test("more steps are estimated to take longer, and the model's folder is not changed", async () => {
  const { dataset } = await quickPlan(await temporaryFolder());
  const before = await readdir(checkpoint);
  const [few, many] = [
    await estimateRun(inputs(dataset, { maxSteps: 1, epochs: 1000 }), cpu),
    await estimateRun(inputs(dataset, { maxSteps: 5000, epochs: 1000 }), cpu),
  ];
  expect(many.steps / few.steps).toBe(5000);
  expect(many.seconds ?? 0).toBeGreaterThan(few.seconds ?? Number.POSITIVE_INFINITY);
  expect(await readdir(checkpoint)).toEqual(before);
});

test("an estimate refuses what a run refuses", async () => {
  const { dataset } = await datasetOf([{ prompt: "a", completion: "b" }]);
  const { dataset: whole } = await quickPlan(await temporaryFolder());
  const refused: [RunInputs, RegExp][] = [
    [inputs(dataset), /pairs\.jsonl: has nothing to train on .*without a preference or a label/],
    [inputs(join(dataset, "..", "none.jsonl")), /none\.jsonl/],
    [inputs(whole, {}, join(root, "test/parity/fixtures/lora-llama")), /is an adapter/],
    [inputs(whole, { batchTokens: 1e12 }), /training would take about .* GiB/],
  ];
  for (const [one, message] of refused) {
    const estimating = estimateRun(one, cpu);
    await expect(estimating).rejects.toThrow(InputError);
    await expect(estimating).rejects.toThrow(message);
  }
});

test("an estimate can be aborted", async () => {
  const { dataset } = await quickPlan(await temporaryFolder());
  const giveUp = new AbortController();
  giveUp.abort(new Error("enough"));
  await expect(estimateRun(inputs(dataset), cpu, giveUp.signal)).rejects.toThrow("enough");
});
