import { expect, test } from "vitest";
import {
  settingWarnings,
  trainingHeader,
} from "../../../../../extension/cli/output/training/training-header";
import {
  defaultLoss,
  defaultSettings,
  type TrainSettings,
} from "../../../../../extension/protocol/train-settings";
import { runRecord } from "../../../../support/runs";

const memory = { weights: 1.5e9, optimizer: 25e6, activations: 4e8, total: 2.1e9, available: 8e9 };

function settings(parts: Partial<TrainSettings>): TrainSettings {
  return { ...defaultSettings, ...parts };
}

test("shows the data, the trained weights, the loss and the required memory", () => {
  const record = runRecord({ step: 20, leftOut: { "pair of equal completions": 1200 } });
  expect(
    trainingHeader({ run: "cli", folder: "/runs/my first", record, notes: [], memory }),
  ).toMatchInlineSnapshot(`
    "data      /data/pairs.jsonl: 812 pairs to train on, 43 held out
    left out  1,200 × pair of equal completions
    model     /models/base
    trained   a LoRA adapter of rank 16 and the reward head: 1.24 million parameters, of 135 million in the model
    loss      ranking + 0.5 · contrastive; the contrastive loss cannot fall below 0.627, so 0.313 of the loss remains
    memory    about 2.1 GB (weights 1.5 GB, optimizer 25 MB, a batch 400 MB); 8.0 GB are free
    steps     51 of 16 pairs, 20 of them done, learning rate 0.0002, evaluated every 100, checkpoint every 100
    device    cpu
    run       "/runs/my first""
  `);
});

test.each([
  [{ loss: { ...defaultLoss, lambda: 0 } }, "ranking"],
  [
    { loss: { ...defaultLoss, lambda: 0, lmWeight: 0.1, rewardCentering: 0.01 } },
    "ranking + 0.1 · language model + 0.01 · (chosen + rejected reward)²",
  ],
  [{ objective: "language-model" }, "language model, on chosen completions"],
] as const)("the loss of %j", (parts, text) => {
  const record = runRecord({ settings: settings(parts) });
  const header = trainingHeader({ run: "cli", folder: "/r", record, notes: [], memory });
  expect(
    header
      .split("\n")
      .find((line) => line.startsWith("loss "))
      ?.slice(9)
      .trim(),
  ).toBe(text);
});

test("settings that defeat their purpose cause warnings, others do not", () => {
  expect(settingWarnings(runRecord({}))).toEqual([]);
  expect(settingWarnings(runRecord({ settings: settings({ method: "head" }) }))).toEqual([
    expect.stringContaining("the contrastive loss has no effect"),
  ]);
  const plain = settings({ method: "head", loss: { ...defaultLoss, lambda: 0 } });
  expect(settingWarnings(runRecord({ settings: plain }))).toEqual([]);
  expect(settingWarnings(runRecord({ evaluationPairs: 0 }))).toEqual([expect.stringContaining("held out")]);
});
