/** The host half of the evaluation panel, and its buttons. */
import { beforeEach, expect, test, vi } from "vitest";
import { Uri } from "vscode";
import { type Evaluated, EvaluationPanel } from "../../../../extension/panels/evaluation/evaluation-panel";
import type { EvaluationPage } from "../../../../extension/protocol/panels/evaluation";
import { fake } from "../../../support/vscode-fake";

const report: EvaluationPage = {
  title: "m on d.jsonl",
  warnings: ["the model was trained on this data"],
  heading: ["40 rows"],
  sections: [{ title: "40 pairs", lines: [["75.0%", "[60.0%, 90.0%]", "accuracy", "share"]] }],
  notes: ["device: cpu"],
};
const evaluated: Evaluated = { model: "/models/m", dataset: "/data/d.jsonl" };

let asked: (readonly [string, Evaluated])[];
let panel: EvaluationPanel;
beforeEach(() => {
  fake.reset();
  asked = [];
  panel = new EvaluationPanel(Uri.file("/extension"), {
    showMisranked: async (which) => void asked.push(["misranked", which]),
    evaluateAgain: async (which) => void asked.push(["again", which]),
  });
});
const page = () => fake.panel("rewardInspector.evaluation");
const intent = (type: string) => page().say({ type: "intent", intent: { type } });

test("the first report is sent whole, and of a second one only the fields that differ", () => {
  panel.show(report, evaluated, true);
  page().say({ type: "ready" });
  panel.show({ ...report, notes: [] }, evaluated, false);
  expect(page().posted.map((message) => Object.keys((message as { change: object }).change))).toEqual([
    ["status", "report", "dataset", "model", "hasMisranked"],
    ["report", "hasMisranked"],
  ]);
  expect(page().title).toBe("Evaluation: m on d.jsonl");
});

test("the buttons act on the report's model and dataset, even after a reload", async () => {
  panel.show(report, evaluated, true);
  const kept = JSON.parse(JSON.stringify(panel.state));
  page().dispose();
  (await fake.revive("rewardInspector.evaluation", kept)).say({ type: "ready" });
  expect(page().posted).toEqual([{ type: "state", change: kept, taken: 0 }]);
  intent("show-misranked");
  intent("evaluate-again");
  expect(asked).toEqual([
    ["misranked", evaluated],
    ["again", evaluated],
  ]);
});

test("a page that kept no report is closed", async () => {
  const state = { ...panel.state, report: null };
  expect((await fake.revive("rewardInspector.evaluation", state)).isDisposed).toBe(true);
});

test("the report is copied as Markdown, warnings and notes included", async () => {
  panel.show(report, evaluated, true);
  intent("copy-markdown");
  await vi.waitFor(() => expect(fake.messages).toHaveLength(1));
  expect(fake.clipboard).toMatch(/^# m on d.jsonl\n\n\*\*Warning:\*\* the model was trained/);
  expect(fake.clipboard).toContain("device: cpu");
});
