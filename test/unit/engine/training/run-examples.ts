/** An example record and metrics of a run, for tests to vary. */
import type { EvaluationMetrics, StepMetrics } from "../../../../extension/protocol/metrics";
import type { RunRecord } from "../../../../extension/protocol/runs";
import { defaultSettings } from "../../../../extension/protocol/train-settings";

export const record: RunRecord = {
  format: 1,
  name: "first try",
  status: "running",
  created: "2026-01-02T03:04:05.000Z",
  updated: "2026-01-02T03:04:05.000Z",
  model: "owner/small-model",
  device: "cpu",
  settings: defaultSettings,
  data: { path: "/home/someone/data/pairs.jsonl", bytes: 1234, sha256: "ab".repeat(32) },
  chat: false,
  versions: { rewardInspector: "0.1.0", onnxruntime: "1.30.0", node: "20.20.2" },
  trainingPairs: 950,
  evaluationPairs: 50,
  leftOut: { "the chosen and rejected completion are the same": 3 },
  trainableParameters: 1000,
  parameters: 50_000,
  steps: 60,
  step: 0,
};

export function stepRow(step: number, more: Partial<StepMetrics> = {}): StepMetrics {
  return {
    kind: "step",
    step,
    loss: 1 / step,
    epoch: step / 60,
    gradNorm: 2,
    learningRate: 1e-4,
    tokens: 1000,
    tokensPerSecond: 500,
    ...more,
  };
}

export function evaluationRow(step: number, more: Partial<EvaluationMetrics> = {}): EvaluationMetrics {
  return { kind: "evaluation", step, loss: 0.5, pairs: 50, isBest: true, ...more };
}
