/** Both sides of a panel refuse messages that are not in its contract. */
import { expect, test } from "vitest";
import {
  type CompareIntent,
  type CompareState,
  compareContract,
} from "../../../../extension/protocol/panels/compare";
import { evaluationContract } from "../../../../extension/protocol/panels/evaluation";

const tokens = {
  ids: Int32Array.of(1, 2),
  starts: Int32Array.of(0, 1),
  ends: Int32Array.of(1, 1),
  q: { preferred: Float32Array.of(0.5, Number.NaN) },
  ownTexts: { 2: "<eos>" },
};
const side = {
  label: "chosen",
  model: "default · cpu",
  text: "a",
  reward: null,
  percentile: null,
  tokens,
  truncated: 0,
  steps: [],
  warnings: [],
};
const comparison = {
  title: "pairs.jsonl, row 1",
  prompt: "",
  sides: [side],
  margin: null,
  goals: ["preferred"],
  rewardQuantiles: [],
};
const state: CompareState = {
  status: { kind: "shown", text: "" },
  subject: "the first row",
  comparison,
  display: { metric: "q", granularity: "token", goal: "preferred", threshold: 0, scale: "full" },
  position: null,
};
const { readHostMessage, readPageMessage, readState, readKept } = compareContract;
const change = (part: object) => ({ type: "state", change: part, taken: 0 });

test("the page accepts a whole state and parts of it, with typed arrays unchanged", () => {
  expect(readState(structuredClone(state))).toEqual(state);
  expect(readState({ ...state, display: undefined })).toBeUndefined();
  const message = change({ comparison });
  const read = readHostMessage(structuredClone(message));
  expect(read).toEqual(message);
  expect(readHostMessage(change({}))).toEqual(change({}));
  expect(readHostMessage({ type: "notice", notice: { type: "export", format: "png" } })).toBeDefined();
});

test.each<CompareIntent>([
  { type: "display", display: { threshold: 0.5 } },
  { type: "go", to: "next-misranked" },
  { type: "pointed", side: 1, token: 3 },
  { type: "reveal", side: 1, token: 3 },
  { type: "exported", format: "html", data: "<!doctype html>" },
])("the host takes $type", (intent) => {
  const message = { type: "intent", intent, sequence: 4 };
  expect(readPageMessage(structuredClone(message))).toEqual(message);
});

test.each([
  ["nothing", undefined],
  ["no object", "state"],
  ["no type", { change: state }],
  ["another type", { type: "run", command: "rm" }],
  ["a message of the other side", { type: "intent", intent: { type: "go", to: "next" } }],
  ["no number of the last choice", { type: "state", change: {} }],
  ["three sides", change({ comparison: { ...comparison, sides: [side, side, side] } })],
  ["no side", change({ comparison: { ...comparison, sides: [] } })],
  [
    "columns of different lengths",
    change({
      comparison: { ...comparison, sides: [{ ...side, tokens: { ...tokens, ids: Int32Array.of(1) } }] },
    }),
  ],
  [
    "columns that are lists",
    change({ comparison: { ...comparison, sides: [{ ...side, tokens: { ...tokens, ids: [1, 2] } }] } }),
  ],
  [
    "floats as integers",
    change({
      comparison: { ...comparison, sides: [{ ...side, tokens: { ...tokens, ids: Float32Array.of(1, 2) } }] },
    }),
  ],
  ["a metric that is none", change({ display: { ...state.display, metric: "mood" } })],
  ["a threshold that is text", change({ display: { ...state.display, threshold: "0" } })],
  ["half a display", change({ display: { threshold: 0 } })],
  [
    "a token that is not a number",
    { type: "notice", notice: { type: "pointed", side: 0, token: Number.NaN } },
  ],
  ["a picture of another kind", { type: "notice", notice: { type: "export", format: "svg" } }],
])("the page refuses %s", (_, message) => {
  expect(readHostMessage(message)).toBeUndefined();
});

test.each([
  ["nothing", null],
  ["another type", { type: "open", path: "/etc/passwd" }],
  ["a message of the other side", change({})],
  ["another way", { type: "intent", intent: { type: "go", to: "/etc/passwd" } }],
  ["a token that is text", { type: "intent", intent: { type: "reveal", side: 0, token: "1" } }],
  ["no token to reveal", { type: "intent", intent: { type: "reveal", side: 0, token: null } }],
  ["a file of another kind", { type: "intent", intent: { type: "exported", format: "exe", data: "" } }],
  ["data that is not text", { type: "intent", intent: { type: "exported", format: "png", data: [1, 2] } }],
  [
    "a granularity that is none",
    { type: "intent", intent: { type: "display", display: { granularity: "page" } } },
  ],
  ["a sequence number that is text", { type: "intent", intent: { type: "go", to: "next" }, sequence: "1" }],
])("the host refuses %s", (_, message) => {
  expect(readPageMessage(message)).toBeUndefined();
});

test("properties that are not in the contract are dropped", () => {
  expect(readPageMessage({ type: "ready", command: "rm" })).toEqual({ type: "ready" });
});

test("a page keeps the subject of its comparison, not the tokens", () => {
  expect(readKept(state)).toEqual({ subject: "the first row" });
  expect(readKept({ type: "comparison", comparison })).toBeUndefined();
  expect(readKept(undefined)).toBeUndefined();
});

test("an evaluation page keeps its whole report, and only sends intents of its contract", () => {
  const report = { title: "m on d", warnings: [], heading: ["1 row"], sections: [], notes: [] };
  const kept = { status: state.status, report, dataset: "/d", model: "m", hasMisranked: false };
  expect(evaluationContract.readKept(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  expect(evaluationContract.readHostMessage({ type: "notice", notice: {} })).toBeUndefined();
  expect(evaluationContract.readPageMessage({ type: "intent", intent: { type: "run" } })).toBeUndefined();
});
