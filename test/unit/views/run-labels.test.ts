import { expect, test } from "vitest";
import {
  metricLines,
  runDescription,
  runFacts,
  statusIcons,
  statusOf,
} from "../../../extension/views/run-labels";
import { runRecord } from "../../support/runs";
import { evaluationRow, stepRow } from "../engine/training/run-examples";

const folder = "/runs/first";
const best = { step: 30, loss: 0.41234, accuracy: 0.7812 };

test("a run in progress shows its last step", () => {
  const record = runRecord({ step: 20 });
  const last = stepRow(34, { loss: 0.61234, accuracy: 0.6875 });
  expect(runDescription({ folder, record, status: "running", last })).toBe(
    "step 34/51 · loss 0.612 · accuracy 68.8%",
  );
});

test("a run that has ended shows its best evaluation, not its last step", () => {
  const record = runRecord({ step: 51, best });
  const last = stepRow(51, { loss: 0.9, accuracy: 0.5 });
  expect(runDescription({ folder, record, status: "finished", last })).toBe(
    "finished · step 51/51 · loss 0.412 · accuracy 78.1%",
  );
  expect(runDescription({ folder, record, status: "stopped", last })).toMatch(
    /^ended early · step 51\/51 · loss 0.412/,
  );
});

test("a run that has ended without evaluations shows its last step", () => {
  const last = stepRow(51, { loss: 0.9, accuracy: 0.5 });
  expect(runDescription({ folder, record: runRecord({ step: 51 }), status: "finished", last })).toBe(
    "finished · step 51/51 · loss 0.900 · accuracy 50.0%",
  );
});

test("a run before its first step has no numbers", () => {
  const record = runRecord({ steps: 0 });
  expect(runDescription({ folder, record, status: "interrupted" })).toBe("interrupted");
});

test("a broken run is shown as one that cannot be read", () => {
  const broken = { folder, problem: "run.json: is not valid JSON" };
  expect(runDescription(broken)).toBe("cannot be read");
  expect(statusIcons[statusOf(broken)]).toBe("warning");
});

test("the facts include data, method and the reason of a failure", () => {
  const record = runRecord({ reason: "the disk is full" });
  const facts = Object.fromEntries(runFacts({ folder, record, status: "failed" }));
  expect(facts).toMatchObject({
    Reason: "the disk is full",
    Data: "/data/pairs.jsonl: 812 pairs, 43 held out",
    Method: "lora, λ 0.5, learning rate 0.0002, 16 pairs per step",
    Folder: folder,
  });
});

test("the lines under a run are the last step, the best evaluation, and evaluations with the newest first", () => {
  const rows = [
    ...Array.from({ length: 7 }, (_, i) => evaluationRow(10 * i, { accuracy: 0.5 })),
    stepRow(61, { loss: 0.5, rankingLoss: 0.3, contrastiveLoss: 1.2, accuracy: 0.75, margin: 0.81 }),
  ];
  expect(metricLines({ best }, rows).map(({ label, value }) => `${label}: ${value}`)).toEqual([
    "Loss: 0.500",
    "Ranking loss: 0.300",
    "Contrastive loss: 1.200",
    "Accuracy: 75.0%",
    "Margin: 0.810",
    "Best: loss 0.412 · accuracy 78.1% · after step 30",
    "Evaluation after step 60: loss 0.500 · accuracy 50.0%",
    "Evaluation after step 50: loss 0.500 · accuracy 50.0%",
    "Evaluation after step 40: loss 0.500 · accuracy 50.0%",
    "Evaluation after step 30: loss 0.500 · accuracy 50.0%",
    "Evaluation after step 20: loss 0.500 · accuracy 50.0%",
  ]);
});

test("a run without metrics has no lines", () => {
  expect(metricLines({}, [])).toEqual([]);
});
