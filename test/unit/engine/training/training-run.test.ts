/** Tests runs that are paused, killed or diverge: what they resume from, and what they keep. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { writeSafetensors } from "../../../../extension/engine/checkpoint/publishing/safetensors-writer";
import { Checkpoint } from "../../../../extension/engine/checkpoint/reading/checkpoint";
import { readTensorAsFloats } from "../../../../extension/engine/checkpoint/reading/float-tensor";
import { InputError } from "../../../../extension/engine/errors";
import { TrainingSession } from "../../../../extension/engine/training/graph/training-session";
import { listCheckpoints } from "../../../../extension/engine/training/store/checkpoints";
import { RunFolder } from "../../../../extension/engine/training/store/run-folder";
import type { RunPlan } from "../../../../extension/engine/training/training-run";
import type { TrainSettings } from "../../../../extension/protocol/train-settings";
import { checkpoint } from "../../../support/fixture";
import { temporaryFolder } from "../../../support/temp-folder";
import {
  evaluatingTo,
  evaluations,
  fromNothing,
  quickPlan,
  quickSettings,
  resume,
  timelessRows,
  train,
  trainUntil,
  weightsOf,
} from "../../../support/training-runs";

afterEach(() => {
  vi.restoreAllMocks();
});

async function planned(changes: Partial<TrainSettings> = {}, start?: RunPlan["start"]): Promise<RunPlan> {
  return quickPlan(await temporaryFolder(), changes, start);
}

async function storedSteps(run: string): Promise<number[]> {
  return (await listCheckpoints(run)).map(({ step }) => step);
}

async function expectFailure(running: Promise<unknown>, message: RegExp): Promise<void> {
  await expect(running).rejects.toThrow(InputError);
  await expect(running).rejects.toThrow(message);
}

const lora: Partial<TrainSettings> = {
  method: "lora",
  lora: { ...quickSettings.lora, dropout: 0.3 },
  learningRate: 0.01,
  batchTokens: 150,
};

describe("a paused run resumes as if it had not been paused", () => {
  test.each<[string, Partial<TrainSettings>, string]>([
    ["full", {}, "model/model.safetensors"],
    ["lora with dropout, in micro-batches", lora, "model/adapter_model.safetensors"],
    ["head", { method: "head", evalShare: 0 }, "model/model.safetensors"],
  ])("%s", async (_, changes, file) => {
    const unbroken = await planned(changes);
    await train(unbroken);
    const plan = await planned(changes);
    const first = await trainUntil(plan, 3);
    expect(first.record).toMatchObject({ status: "paused", step: 3 });
    expect(await storedSteps(plan.folder)).toContain(3);
    expect(await readdir(plan.folder)).not.toContain("model");
    const pause = new AbortController();
    const second = await resume(plan.folder, { pause: pause.signal }, ({ step }) => {
      // In the middle of an epoch, at steps without a regular checkpoint.
      if (step === 10) pause.abort();
    });
    expect(second.record).toMatchObject({ status: "paused", step: 10 });
    const { record } = await resume(plan.folder);
    expect(record).toMatchObject({ status: "finished", step: 12 });
    expect(await timelessRows(plan.folder)).toEqual(await timelessRows(unbroken.folder));
    expect((await weightsOf(plan.folder, file)).equals(await weightsOf(unbroken.folder, file))).toBe(true);
    const { record: other } = await RunFolder.open(unbroken.folder);
    expect(record.best).toEqual(other.best);
    expect(record.rewardQuantiles).toEqual(other.rewardQuantiles);
  });

  test("from before its first step", async () => {
    const plan = await planned({ maxSteps: 2 }, fromNothing);
    const { record, rows } = await train(plan, { pause: AbortSignal.abort() });
    expect(record).toMatchObject({ status: "paused", step: 0 });
    expect(rows).toEqual([]);
    const unbroken = await planned({ maxSteps: 2 }, fromNothing);
    await train(unbroken);
    await resume(plan.folder);
    expect(await timelessRows(plan.folder)).toEqual(await timelessRows(unbroken.folder));
  });
});

describe("a run that was killed while finishing", () => {
  async function unfinish(folder: string): Promise<void> {
    await rm(join(folder, "model"), { recursive: true });
    await mkdir(join(folder, ".model.partial"));
    const path = join(folder, "run.json");
    const record = JSON.parse(await readFile(path, "utf8"));
    // The record at the second-to-last checkpoint.
    await writeFile(path, JSON.stringify({ ...record, status: "running", step: 1, best: undefined }));
  }

  test.each<[string, Partial<TrainSettings>]>([
    ["after its last step", {}],
    ["after its patience ended", { evalSteps: 1, patience: 2, maxSteps: 40 }],
  ])("%s ends as it would have", async (_, changes) => {
    const plan = await planned(changes);
    const { record } = await train(
      plan,
      {},
      evaluatingTo((step) => step),
    );
    expect(record.step).toBe(changes.patience === undefined ? 12 : 3);
    const [rows, weights] = [await timelessRows(plan.folder), await weightsOf(plan.folder)];
    await unfinish(plan.folder);
    const again = await resume(plan.folder);
    expect(again.rows).toEqual([]);
    expect(again.record).toEqual({ ...record, updated: again.record.updated });
    expect(await timelessRows(plan.folder)).toEqual(rows);
    expect((await weightsOf(plan.folder)).equals(weights)).toBe(true);
  });

  test("is not marked finished before its model exists", async () => {
    const plan = await planned({ maxSteps: 1 });
    const statuses: string[] = [];
    const fault = vi.spyOn(RunFolder.prototype, "model", "get").mockImplementation(function (
      this: RunFolder,
    ) {
      statuses.push(this.record.status);
      throw new Error("killed here");
    });
    await expect(train(plan)).rejects.toThrow("killed here");
    fault.mockRestore();
    expect(statuses).toEqual(["running"]);
    expect((await RunFolder.open(plan.folder)).record.status).toBe("failed");
    expect((await resume(plan.folder)).record.status).toBe("finished");
    expect(await readdir(plan.folder)).toContain("model");
  });
});

describe("NaN or infinite numbers end the run with an error that names the step", () => {
  test("after an update that is too large; checkpoints stay", async () => {
    const plan = await planned({ learningRate: 1e30, warmup: 0, saveSteps: 1, evalSteps: 100 });
    await expectFailure(
      train(plan),
      /became NaN or infinite at step 2; the last good checkpoint is .*step-000001/,
    );
    const { record } = await RunFolder.open(plan.folder);
    expect(record.status).toBe("failed");
    expect(record.reason).toMatch(/at step 2/);
    expect(await storedSteps(plan.folder)).toEqual([1]);
    expect((await timelessRows(plan.folder)).length).toBe(1);
  });

  test("in the evaluation after the last step, so that the run is not marked finished", async () => {
    const plan = await planned({ learningRate: 1e30, warmup: 0, maxSteps: 1 });
    await expectFailure(train(plan), /became NaN or infinite at step 1/);
    expect(await readdir(plan.folder)).not.toContain("model");
  });

  test("in the model's weights", async () => {
    const broken = join(await temporaryFolder(), "broken");
    await cp(checkpoint, broken, { recursive: true });
    const { tensors } = await Checkpoint.open(checkpoint);
    const values: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
    for (const [name, tensor] of tensors)
      values[name] = { shape: tensor.shape, data: await readTensorAsFloats(tensor) };
    values["score.weight"]?.data.fill(Number.NaN);
    await writeSafetensors(join(broken, "model.safetensors"), values, { format: "pt" });
    const plan = await planned({}, { model: broken });
    await expectFailure(train(plan), /became NaN or infinite at step 1$/);
    expect((await RunFolder.open(plan.folder)).record.status).toBe("failed");
  });
});

test("the best checkpoint is kept, however many come after it", async () => {
  const plan = await planned({ evalSteps: 1, saveSteps: 1, maxSteps: 8 });
  const onRow = evaluatingTo((step) => 1 + Math.abs(step - 3));
  const { rows, record } = await train(plan, {}, onRow);
  expect(evaluations(rows).map(({ isBest }) => isBest)).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((step) => step <= 3),
  );
  expect(record.best).toMatchObject({ step: 3, loss: expect.closeTo(1, 6) });
  expect(await storedSteps(plan.folder)).toEqual([3, 8]);
});

test("every micro-batch of a step has its own dropout", async () => {
  const firsts: number[] = [];
  const step = TrainingSession.prototype.step;
  vi.spyOn(TrainingSession.prototype, "step").mockImplementation(function (
    this: TrainingSession,
    batch,
    random,
  ) {
    firsts.push(random());
    return step.call(this, batch, random);
  });
  await train(await planned({ ...lora, batchTokens: 1, batchSize: 4, maxSteps: 2 }));
  expect(firsts.length).toBe(8);
  expect(new Set(firsts).size).toBe(8);
});
