/**
 * Compares the gradient of the whole loss with central differences in float64, for every architecture. Families whose
 * GELU uses the error function (gpt-neox) are not tested, because the runtime's Erf supports only float32.
 */
import { describe, expect, test } from "vitest";
import { readDecoder } from "../../../../extension/engine/architecture/families/families";
import { findRewardHead } from "../../../../extension/engine/checkpoint/heads/reward-head";
import { Checkpoint } from "../../../../extension/engine/checkpoint/reading/checkpoint";
import { readTensorAsFloats } from "../../../../extension/engine/checkpoint/reading/float-tensor";
import { randomSequence } from "../../../../extension/engine/random";
import { type Batch, makeBatch, widthOf } from "../../../../extension/engine/training/graph/batch";
import type { Parameter } from "../../../../extension/engine/training/graph/trained-parameters";
import {
  outputNames,
  type TrainingGraphSettings,
} from "../../../../extension/engine/training/graph/training-graph";
import { packPair } from "../../../../extension/engine/training/pairs/packed-pair";
import { sampleStates } from "../../../../extension/engine/training/pairs/state-sampling";
import { normalNumber } from "../../../../extension/engine/training/random-draws";
import { defaultLora, defaultLoss, type LossSettings } from "../../../../extension/protocol/train-settings";
import { fixtureFolder, fixtureNames } from "../../../parity/fixture";
import { pairOf } from "../../../support/pairs";
import { GraphRunner } from "../../../support/training";

const tolerance = 1e-6;
/**
 * Step in units of 0.1, the scale of the parameters. The error of five-point differences grows with its fourth power.
 */
const step = 1e-4;

const everyLoss: LossSettings = {
  ...defaultLoss,
  lambda: 0.5,
  lmWeight: 0.3,
  rewardCentering: 0.2,
  samples: 4,
};

interface Case {
  readonly name: string;
  readonly checkpoint: string;
  readonly settings?: Partial<TrainingGraphSettings>;
  /** Number of tokens to add to the first prompt. */
  readonly longer?: number;
}

const architectures = fixtureNames.filter((name) => !/^(gpt-neox|lora-)/.test(name));
const llama = "llama";
const cases: readonly Case[] = [
  ...architectures.map((name) => ({ name, checkpoint: name })),
  { name: "phi3 beyond its first context", checkpoint: "phi3-longrope", longer: 30 },
  { name: "average goal", checkpoint: llama, settings: { loss: { ...everyLoss, goal: "average" } } },
  {
    name: "ranking of every token",
    checkpoint: llama,
    settings: { loss: { ...everyLoss, ranking: "from-divergence" } },
  },
  { name: "all pairs", checkpoint: llama, settings: { loss: { ...everyLoss, allPairs: true } } },
  { name: "random goals", checkpoint: llama, settings: { loss: { ...everyLoss, goal: "random" } } },
  { name: "ranking loss alone", checkpoint: llama, settings: { loss: { ...defaultLoss, lambda: 0 } } },
  { name: "language model", checkpoint: llama, settings: { objective: "language-model" } },
  { name: "lora", checkpoint: llama, settings: { method: "lora" } },
  { name: "lora of gpt2", checkpoint: "gpt2", settings: { method: "lora" } },
  { name: "head alone", checkpoint: "gpt2", settings: { method: "head" } },
  { name: "new mlp head", checkpoint: "qwen2", settings: { head: "mlp" } },
];

test("every family that float64 supports is tested", () => {
  expect(architectures.length).toBeGreaterThanOrEqual(20);
});

describe.each(cases)("$name", ({ checkpoint: name, settings: changes = {}, longer = 0 }) => {
  test("the gradient equals the central difference of the loss", async () => {
    const checkpoint = await Checkpoint.open(fixtureFolder(name));
    const decoder = readDecoder(checkpoint.config);
    const head = findRewardHead(checkpoint.tensors, decoder.shape.hiddenSize);
    const settings: TrainingGraphSettings = {
      dtype: "float64",
      objective: "reward",
      method: "full",
      head: "linear",
      lora: { ...defaultLora, rank: 3, alpha: 6 },
      loss: everyLoss,
      ...changes,
    };
    const batch = batchOf(settings, longer);
    const runner = await GraphRunner.create({ checkpoint, decoder, head }, settings);
    const random = randomSequence(7);
    const at = await startValues(runner.graph.parameters, random);
    const outputs = await runner.run(batch, at);
    for (let direction = 0; direction < 2; direction++) {
      const towards = new Map(
        [...at].map(([key, data]) => [key, data.map(() => 0.1 * normalNumber(random))]),
      );
      let expected = 0;
      for (const [key, data] of towards) {
        const gradient = outputs.get(`gradient ${key}`);
        expect(gradient?.length).toBe(data.length);
        data.forEach((x, i) => {
          expected += x * (gradient?.[i] ?? Number.NaN);
        });
      }
      const lossAt = async (distance: number): Promise<number> => {
        const moved = new Map(
          [...at].map(([key, data]) => [
            key,
            data.map((x, i) => x + distance * (towards.get(key)?.[i] ?? Number.NaN)),
          ]),
        );
        return (await runner.run(batch, moved)).get(outputNames.loss)?.[0] ?? Number.NaN;
      };
      const difference = async (h: number): Promise<number> => (await lossAt(h)) - (await lossAt(-h));
      const slope = (8 * (await difference(step)) - (await difference(2 * step))) / (12 * step);
      expect(Math.abs(expected)).toBeGreaterThan(1e-3);
      expect(Math.abs(slope / expected - 1)).toBeLessThan(tolerance);
    }
    await runner.release();
  });
});

/** Two pairs whose completions share a prompt and a beginning, and a third whose completions share nothing. */
function batchOf({ objective, loss }: TrainingGraphSettings, longer: number): Batch {
  const prompt = [3, 17, 5, 40, ...Array.from({ length: longer }, (_, i) => 2 + (i % 50))];
  const pairs = [
    { ...pairOf(prompt, [9, 9, 21, 33, 8, 14], [9, 9, 50, 2]), margin: 0.5 },
    pairOf([6, 7], [11, 12, 13, 14, 15, 16, 17, 18], [11, 30, 31]),
    pairOf([], [22, 23, 24], [44, 45, 46, 47]),
  ];
  const rows = pairs.map((pair) => packPair(pair, objective === "reward"));
  return makeBatch(rows, sampleStates(rows, widthOf(rows), loss, randomSequence(3)));
}

/** The checkpoint's values. Parameters that start at random or at 0 are drawn, because at 0 many gradients vanish. */
async function startValues(
  parameters: readonly Parameter[],
  random: () => number,
): Promise<Map<string, Float64Array>> {
  const values = new Map<string, Float64Array>();
  for (const { name, shape, start } of parameters) {
    const length = shape.reduce((count, dim) => count * dim, 1);
    values.set(
      name,
      start.kind === "stored"
        ? Float64Array.from(await readTensorAsFloats(start.tensor))
        : Float64Array.from({ length }, () => 0.2 * normalNumber(random)),
    );
  }
  return values;
}
