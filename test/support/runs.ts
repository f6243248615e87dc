import type { RunRecord } from "../../extension/protocol/runs";
import { defaultSettings } from "../../extension/protocol/train-settings";

/** Makes a record with the given fields, and plausible values for the rest. */
export function runRecord(parts: Partial<RunRecord>): RunRecord {
  return {
    format: 1,
    name: "first",
    status: "running",
    created: "2026-03-01T12:00:00.000Z",
    updated: "2026-03-01T12:00:00.000Z",
    model: "/models/base",
    device: "cpu",
    settings: defaultSettings,
    data: { path: "/data/pairs.jsonl", bytes: 1, sha256: "" },
    chat: false,
    versions: { rewardInspector: "1", onnxruntime: "1", node: "20" },
    trainingPairs: 812,
    evaluationPairs: 43,
    leftOut: {},
    trainableParameters: 1_241_000,
    parameters: 134_515_008,
    steps: 51,
    step: 0,
    ...parts,
  };
}
