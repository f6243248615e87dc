/** The contract holds on both sides: what is not in it is refused. */
import { expect, test } from "vitest";
import {
  type Comparison,
  type HostMessage,
  readHostMessage,
  readKept,
  readWebviewMessage,
  type WebviewMessage,
} from "../../../extension/protocol/compare";

const comparison: Comparison = {
  subject: "the first row",
  title: "pairs.jsonl, row 1",
  prompt: "",
  sides: [
    {
      label: "chosen",
      model: "default · cpu",
      text: "a",
      reward: null,
      percentile: null,
      tokens: [{ id: 1, text: "a", start: 0, end: 1, q: { preferred: null }, partialReward: 0.5 }],
      steps: [],
      warnings: [],
    },
  ],
  margin: null,
  goals: ["preferred"],
  rewardQuantiles: [],
  display: { metric: "q", granularity: "token", goal: "preferred", threshold: 0 },
  position: null,
};
const [side] = comparison.sides;

test.each<HostMessage>([
  { type: "comparison", comparison },
  { type: "pointed", side: 0, token: null },
  { type: "display", display: comparison.display },
  { type: "status", kind: "error", text: "no" },
  { type: "export", format: "png" },
])("the page takes $type", (message) => {
  expect(readHostMessage(structuredClone(message))).toEqual(message);
});

test.each<WebviewMessage>([
  { type: "ready" },
  { type: "display", display: { threshold: 0.5 } },
  { type: "go", to: "next-misranked" },
  { type: "pointed", side: 1, token: 3 },
  { type: "reveal", side: 1, token: 3 },
  { type: "export", format: "html" },
  { type: "exported", format: "html", data: "<!doctype html>" },
  { type: "failed", problem: "why" },
])("the host takes $type", (message) => {
  expect(readWebviewMessage(structuredClone(message))).toEqual(message);
});

test.each([
  ["nothing", undefined],
  ["no object", "comparison"],
  ["no type", { comparison }],
  ["another type", { type: "run", command: "rm" }],
  ["a message of the other side", { type: "go", to: "next" }],
  ["three sides", { type: "comparison", comparison: { ...comparison, sides: [side, side, side] } }],
  ["no side", { type: "comparison", comparison: { ...comparison, sides: [] } }],
  ["a metric that is none", { type: "display", display: { ...comparison.display, metric: "mood" } }],
  ["a threshold that is text", { type: "display", display: { ...comparison.display, threshold: "0" } }],
  ["half a display", { type: "display", display: { threshold: 0 } }],
  ["a token that is not a number", { type: "pointed", side: 0, token: Number.NaN }],
  ["a picture of another kind", { type: "export", format: "svg" }],
])("the page refuses %s", (_, message) => {
  expect(readHostMessage(message)).toBeUndefined();
});

test.each([
  ["nothing", null],
  ["another type", { type: "open", path: "/etc/passwd" }],
  ["a message of the other side", { type: "comparison", comparison }],
  ["another way", { type: "go", to: "/etc/passwd" }],
  ["a token that is text", { type: "reveal", side: 0, token: "1" }],
  ["no token to reveal", { type: "reveal", side: 0, token: null }],
  ["a file of another kind", { type: "exported", format: "exe", data: "" }],
  ["data that is no text", { type: "exported", format: "png", data: [1, 2] }],
  ["a granularity that is none", { type: "display", display: { granularity: "page" } }],
])("the host refuses %s", (_, message) => {
  expect(readWebviewMessage(message)).toBeUndefined();
});

test("what is not in the contract does not come through", () => {
  expect(readWebviewMessage({ type: "ready", command: "rm" })).toEqual({ type: "ready" });
});

test("what a page kept is read where it has its form", () => {
  expect(readKept({ subject: "s" })).toEqual({ subject: "s" });
  expect(readKept({ subject: "s", comparison })).toEqual({ subject: "s", comparison });
  expect(readKept({ type: "comparison", comparison })).toBeUndefined();
  expect(readKept({ subject: "s", comparison: { ...comparison, sides: [] } })).toBeUndefined();
  expect(readKept(undefined)).toBeUndefined();
});
