/** Evaluate Reward Model…: the request to the engine, and how the panel shows the result. */
import { beforeEach, expect, test, vi } from "vitest";
import { Uri } from "vscode";
import type { Evaluation } from "../../../extension/protocol/evaluation";
import { Evaluate } from "../../../extension/training/evaluate";
import { fake } from "../../support/vscode-fake";

const evaluation = {
  ...{ rows: 2, badRows: 0, completions: 4, prompts: 2, withoutReward: 0, rewardQuantiles: [] },
  pairs: {
    pairs: 2,
    accuracy: { value: 0.5, interval: undefined },
    margin: { value: 0.1, interval: undefined },
  },
  trainedOn: { run: "first", pairs: 2, heldOut: 0 },
  settings: { localization: { threshold: 0, skip: 5 }, bootstrap: { resamples: 1000, seed: 1 } },
} as Evaluation;

let asked: unknown[];
let answer: () => Promise<Evaluation>;
let chosen: unknown[];
let misranked: string[];
let active: { model: string; name: string; defaultFolder: string; request: (model: string) => unknown };
let evaluate: Evaluate;

beforeEach(() => {
  fake.reset();
  asked = [];
  chosen = [];
  misranked = [];
  answer = async () => evaluation;
  active = { model: "/m", name: "m", defaultFolder: "/default", request: (model) => ({ model }) };
  const engine = {
    client: {
      evaluate: (request: unknown) => {
        asked.push(request);
        return answer();
      },
    },
    log: { warn: () => undefined, error: () => undefined, show: () => undefined },
  };
  const preferences = {
    chosen: { threshold: 0.2 },
    choose: async (choice: unknown) => void chosen.push(choice),
  };
  const compare = { showMisranked: async (uri: string) => void misranked.push(uri) };
  const datasets = { pick: async () => "/data/picked.csv" };
  evaluate = new Evaluate(
    Uri.file("/extension"),
    engine as never,
    active as never,
    preferences as never,
    datasets as never,
    compare as never,
  );
});
const page = () => fake.panel("rewardInspector.evaluation");
const shown = () => {
  page().say({ type: "ready" });
  return (page().posted.at(-1) as { change: { report: Record<string, unknown>; hasMisranked: boolean } })
    .change;
};
const press = (type: string) => page().say({ type: "intent", intent: { type } });

test("the report begins with the warning and links to its misranked pairs", async () => {
  await evaluate.run({ dataset: "/data/pairs.jsonl" });
  expect(asked).toMatchObject([{ model: "/m", dataset: "/data/pairs.jsonl", threshold: 0.2, seed: 1 }]);
  expect(shown()).toMatchObject({
    hasMisranked: true,
    report: { title: "m on pairs.jsonl", warnings: [expect.stringContaining("trained on this data")] },
  });
  press("show-misranked");
  await vi.waitFor(() => expect(misranked).toEqual(["file:///data/pairs.jsonl"]));
});

test("misranked pairs are not offered for tables, or if there are none", async () => {
  await evaluate.run();
  expect(shown().hasMisranked).toBe(false);
  answer = async () => ({
    ...evaluation,
    pairs: {
      pairs: 2,
      accuracy: { value: 1, interval: undefined },
      margin: { value: 1, interval: undefined },
    },
  });
  await evaluate.run({ dataset: "/data/pairs.jsonl" });
  expect(shown().hasMisranked).toBe(false);
});

test("misranked pairs of another model are shown only after switching to it", async () => {
  await evaluate.run({ dataset: "/data/pairs.jsonl" });
  active.model = "/other";
  active.name = "other";
  shown();
  press("show-misranked");
  await vi.waitFor(() => expect(fake.messages).toHaveLength(1));
  expect(misranked).toEqual([]);
  fake.answer = () => "Switch and Show";
  press("show-misranked");
  await vi.waitFor(() => expect(misranked).toHaveLength(1));
  expect(chosen).toEqual([{ model: "/m" }]);
});

test("evaluating again uses the same model and dataset", async () => {
  await evaluate.run({ dataset: "/data/pairs.jsonl" });
  active.model = "/other";
  shown();
  press("evaluate-again");
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toMatchObject({ model: "/m", dataset: "/data/pairs.jsonl" });
});

test("a failure shows its reason and keeps the last report", async () => {
  await evaluate.run({ dataset: "/data/pairs.jsonl" });
  answer = () => Promise.reject(new Error("no pairs"));
  await evaluate.run({ dataset: "/data/other.jsonl" });
  expect(fake.messages).toMatchObject([{ kind: "error", text: expect.stringContaining("no pairs") }]);
  expect(shown().report).toMatchObject({ title: "m on pairs.jsonl" });
});
