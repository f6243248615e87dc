import { expect, test } from "vitest";
import { defaultSettings } from "../../../../extension/protocol/train-settings";
import {
  estimateFacts,
  estimateWarnings,
  interruptedText,
  pausedText,
  progressText,
  trainedText,
} from "../../../../extension/training/form/training-texts";
import { runRecord } from "../../../support/runs";
import { stepRow } from "../../engine/training/run-examples";

const estimate = {
  trainingPairs: 1812,
  evaluationPairs: 43,
  leftOut: { "empty completion": 3 },
  parameters: 134_515_008,
  trainableParameters: 1_241_000,
  memory: { weights: 5e8, optimizer: 1e8, activations: 4e8, total: 12e8, available: 16e9 },
  steps: 114,
  tokensPerStep: 4321.7,
  seconds: 754,
};

test("an estimate shows pairs, parameters, memory, steps and time", () => {
  const facts = estimateFacts(estimate, defaultSettings).map(({ name, text }) => `${name}: ${text}`);
  expect(facts).toEqual([
    "Pairs: 1,812 to train on, 43 held out",
    "Left out: 3 × empty completion",
    "Trained: 1.24 million parameters of 135 million",
    "Memory: about 1.2 GB; 16.0 GB available",
    "Memory use: frozen weights 500 MB, trained weights and optimizer 100 MB, one batch 400 MB",
    "Steps: 114 steps of up to 16 pairs, about 4,322 tokens each",
    "Time: about 13 min, measured on one step",
  ]);
});

test("there is no estimate of a time that was not measured", () => {
  const { seconds, ...unmeasured } = estimate;
  expect(seconds).toBeDefined();
  expect(estimateFacts(unmeasured, defaultSettings).at(-1)?.text).toMatch(/^known after the first steps/);
});

test("warns about settings that will have little effect", () => {
  expect(estimateWarnings(estimate, defaultSettings)).toEqual([]);
  const head = { ...defaultSettings, method: "head" as const };
  expect(estimateWarnings({ ...estimate, steps: 1, evaluationPairs: 0 }, head)).toEqual([
    expect.stringMatching(/^1 step will change little/),
    expect.stringMatching(/^No pairs are held out/),
    expect.stringMatching(/^The reward head alone/),
  ]);
});

test("progress omits values that are not known yet", () => {
  const row = stepRow(12, { loss: 0.6501 });
  expect(progressText(row, { steps: 40, accuracy: 0.71, secondsLeft: 130 })).toBe(
    "step 12/40 · 2 min left · loss 0.650 · accuracy ~71.0%",
  );
  expect(progressText(row, { steps: 40, accuracy: undefined, secondsLeft: undefined })).toBe(
    "step 12/40 · loss 0.650",
  );
});

test("the message at the end includes the results", () => {
  const best = { step: 40, loss: 0.52, accuracy: 0.781 };
  expect(trainedText(runRecord({ status: "finished", step: 51, best }))).toBe(
    "first is trained: accuracy 78.1%, loss 0.520 on 43 held-out pairs, best after step 40.",
  );
  expect(trainedText(runRecord({ status: "stopped", step: 7, reason: "stopped after step 7" }))).toBe(
    "first is trained, ended after 7 steps.",
  );
});

test("the messages after a pause or a closed window include the step to resume from", () => {
  expect(pausedText(runRecord({ step: 20 }))).toBe(
    "Training first is paused after step 20 of 51; you can resume it.",
  );
  expect(pausedText(runRecord({ step: 0 }))).toMatch(/before its first step/);
  expect(interruptedText([runRecord({ step: 20 })])).toBe(
    "Training first was interrupted when its window closed; it can resume from step 20 of 51.",
  );
  expect(interruptedText([runRecord({ step: 0 })])).toMatch(/resume from its start\.$/);
  expect(interruptedText([runRecord({}), runRecord({ name: "second" })])).toBe(
    "2 training runs were interrupted when their window closed: first, second.",
  );
});
