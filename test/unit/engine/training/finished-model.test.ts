/** Tests that scoring with a trained model gives the rewards of its evaluation. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openDataset } from "../../../../extension/engine/data/dataset";
import type { DatasetRow } from "../../../../extension/engine/data/rows/row";
import { quantiles } from "../../../../extension/engine/evaluation/quantiles";
import { LocalEngine } from "../../../../extension/engine/local";
import { DeviceChooser } from "../../../../extension/engine/runtime/device-choice";
import { InferenceSession } from "../../../../extension/engine/runtime/onnxruntime";
import { readRewardQuantiles } from "../../../../extension/engine/scoring/reward-quantiles";
import { isHeldOut } from "../../../../extension/engine/training/pairs/pairs";
import type { RunPlan } from "../../../../extension/engine/training/training-run";
import type { TrainSettings } from "../../../../extension/protocol/train-settings";
import { eos, type Padding, paddedCopy } from "../../../support/padded-copy";
import { temporaryFolder } from "../../../support/temp-folder";
import { evaluations, fromNothing, planFor, quickPlan, train } from "../../../support/training-runs";

async function rowsOf(dataset: string): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = [];
  for await (const row of (await openDataset(dataset)).rows()) if (!("problem" in row)) rows.push(row);
  return rows;
}

/** Rewards of each row's completions, chosen first. */
async function scores(model: string, rows: readonly DatasetRow[]): Promise<number[][]> {
  const engine = new LocalEngine(new DeviceChooser(""));
  try {
    const request = { model, device: "cpu", tokens: false, goals: [], rows } as const;
    const result = await engine.score(request);
    return result.rows.map((row) => {
      if ("problem" in row) throw new Error(row.problem);
      return row.scores.map(({ reward }) => reward ?? Number.NaN);
    });
  } finally {
    await engine.dispose();
  }
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

test("the model is loaded for scoring after the training session is released", async () => {
  const create = InferenceSession.create.bind(InferenceSession);
  let open = 0;
  const openBefore: number[] = [];
  const spy = vi.spyOn(InferenceSession, "create").mockImplementation(async (...args: unknown[]) => {
    openBefore.push(open++);
    const session = await (create as (...args: unknown[]) => Promise<InferenceSession>)(...args);
    const release = session.release.bind(session);
    session.release = async () => {
      open--;
      await release();
    };
    return session;
  });
  try {
    await train(await quickPlan(await temporaryFolder(), { maxSteps: 4 }));
  } finally {
    spy.mockRestore();
  }
  // Training, evaluation next to it, and the finished model alone.
  expect(openBefore).toEqual([0, 1, 0]);
  expect(open).toBe(0);
});

const paddedModel = (padding: Padding) => async (): Promise<RunPlan["start"]> => ({
  model: await paddedCopy(padding),
});
const paddedInit = (padding: Padding) => async (): Promise<RunPlan["start"]> => ({
  init: join(await paddedCopy(padding), "config.json"),
});
const adapted = { method: "lora", learningRate: 0.01, lora: lora(["q_proj", "down_proj"]) } as const;

test.each<[string, Partial<TrainSettings>, RunPlan["start"] | (() => Promise<RunPlan["start"]>) | undefined]>(
  [
    ["head", { method: "head", learningRate: 0.05 }, undefined],
    ["lora", { method: "lora", learningRate: 0.01, lora: lora(["q_proj", "down_proj"]) }, undefined],
    ["lora on every layer, new mlp head", { method: "lora", head: "mlp", learningRate: 0.01 }, fromNothing],
    ["full", { method: "full" }, undefined],
    ["full, new mlp head", { method: "full", head: "mlp" }, fromNothing],
    ["full, padded with the EOS", { method: "full" }, paddedModel(eos)],
    ["full, new head, padded with the EOS", { method: "full" }, paddedInit({ ...eos, isRenamed: true })],
    ["full, new head, no padding token", { method: "full" }, paddedInit({})],
    ["full, new mlp head, padded with the EOS", { method: "full", head: "mlp" }, paddedInit(eos)],
    ["lora, padded with the EOS", adapted, paddedModel(eos)],
    ["lora, no padding token", adapted, paddedModel({})],
  ],
)("%s", async (_, changes, base) => {
  const start = typeof base === "function" ? await base() : base;
  const plan = await quickPlan(await temporaryFolder(), { evalShare: 0.4, ...changes }, start);
  const { rows, record } = await train(plan);
  const found = evaluations(rows);
  const best = found.find(({ step }) => step === record.best?.step);
  expect(best?.pairs).toBeGreaterThan(3);
  const all = await rowsOf(plan.dataset);
  const heldOut = all.filter((row) => isHeldOut(row, plan.settings));
  expect(heldOut.length).toBe(best?.pairs);
  const rewards = await scores(join(plan.folder, "model"), heldOut);
  expect(mean(rewards.map(([chosen]) => chosen ?? Number.NaN))).toBeCloseTo(best?.chosenReward ?? 99, 4);
  expect(mean(rewards.map(([, rejected]) => rejected ?? Number.NaN))).toBeCloseTo(
    best?.rejectedReward ?? 99,
    4,
  );
  const ranking = rewards.map(([chosen = 0, rejected = 0]) => Math.log1p(Math.exp(rejected - chosen)));
  expect(mean(ranking)).toBeCloseTo(best?.rankingLoss ?? 99, 4);
  // The model does not give every completion the same reward.
  expect(new Set(rewards.flat().map((reward) => reward.toFixed(4))).size).toBeGreaterThan(heldOut.length);
});

function lora(targets: readonly string[]): TrainSettings["lora"] {
  return { rank: 2, alpha: 4, targets, dropout: 0 };
}

test("quantiles are those of the rewards of scoring, even if a completion exceeds the model's maximum length", async () => {
  const folder = await temporaryFolder();
  const dataset = join(folder, "pairs.jsonl");
  const pair = (i: number, more: string): string =>
    JSON.stringify({ prompt: `${i}?\n`, chosen: `Yes, ${i}. ${more}`, rejected: `No, ${i}.` });
  // More tokens than the model's 512, fewer than the settings' 1024.
  const lines = [0, 1, 2, 3].map((i) => pair(i, i === 2 ? "1 + 2 = 3. ".repeat(110) : ""));
  await writeFile(dataset, `${lines.join("\n")}\n`);
  const { record } = await train(planFor(dataset, join(folder, "run"), { evalShare: 0, maxSteps: 2 }));
  expect(record.leftOut).toEqual({ "completion longer than 512 tokens with its prompt": 1 });
  const rewards = await scores(join(folder, "run/model"), await rowsOf(dataset));
  expect(rewards.flat().length).toBe(8);
  const expected = quantiles(
    rewards.flat(),
    Array.from({ length: 21 }, (_, i) => i / 20),
  );
  expect(record.rewardQuantiles?.length).toBe(21);
  record.rewardQuantiles?.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 4);
  });
  expect(await readRewardQuantiles(join(folder, "run/model"))).toEqual(record.rewardQuantiles);
  expect(await readFile(join(folder, "run/model/README.md"), "utf8")).toContain("# run");
});
