import { expect, test } from "vitest";
import type { Region } from "../../../../extension/editor/documents/regions/region";
import type { CompletionRole } from "../../../../extension/engine/data/rows/row";
import {
  completionAt,
  completionLabel,
  promptsOf,
  promptText,
  shownOf,
  titleOf,
  twoModelNames,
} from "../../../../extension/panels/compare/comparison";

/** A row at offset 100 whose completions are "0123456789", one after the other, 20 characters apart. */
function region(...roles: CompletionRole[]): Region {
  const text = "0123456789";
  return {
    start: 100,
    end: 200,
    key: "",
    row: {
      row: 0,
      place: "a.jsonl:1",
      completions: roles.map((role) => ({ role, prompt: " Two and two? ", completion: text })),
    },
    completions: roles.map((_, i) => ({ texts: [{ text, start: 0, at: (offset) => 10 + 20 * i + offset }] })),
    prompt: [],
  };
}

test("the completion at a place is the one that holds it, or else the first", () => {
  const pair = region("chosen", "rejected");
  expect([100, 110, 120, 125, 130, 140, 199].map((offset) => completionAt(pair, offset))).toEqual([
    0, 0, 0, 0, 1, 1, 0,
  ]);
});

test("of a pair both are shown, of others the one that is looked at", () => {
  expect(shownOf(region("rejected", "chosen"), 0)).toEqual([1, 0]);
  expect(shownOf(region("completion", "completion"), 1)).toEqual([1]);
  expect(shownOf(region("completion"), 7)).toEqual([0]);
});

test("completions have names", () => {
  expect(completionLabel(region("chosen", "rejected"), 1)).toBe("rejected");
  expect(completionLabel(region("completion", "completion"), 1)).toBe("completion 2");
  expect(completionLabel(region("completion"), 0)).toBe("completion");
});

test("titles tell rows and files apart", () => {
  const place = (file: string, row?: number) => ({ file, row });
  expect(titleOf([place("a.jsonl", 3)])).toBe("a.jsonl, row 3");
  expect(titleOf([place("a.jsonl", 3), place("a.jsonl", 3)])).toBe("a.jsonl, row 3");
  expect(titleOf([place("a.jsonl", 1), place("a.jsonl", 3)])).toBe("a.jsonl, rows 1 and 3");
  expect(titleOf([place("a.jsonl", 1), place("b.jsonl", 1)])).toBe("a.jsonl, row 1 · b.jsonl, row 1");
  expect(titleOf([place("a.jsonl", 1), place("solution.md")])).toBe("a.jsonl, row 1 · solution.md");
});

test("one shared prompt is shown once, two prompts under their names", () => {
  expect(promptText(region("chosen"), 0)).toBe("Two and two?");
  expect(
    promptsOf([
      ["row 1", "Why?"],
      ["row 2", "Why?"],
    ]),
  ).toBe("Why?");
  expect(
    promptsOf([
      ["row 1", "Why?"],
      ["row 2", "How?"],
    ]),
  ).toBe("row 1: Why?\n\nrow 2: How?");
});

test("models of one name are told apart by their folders", () => {
  expect(twoModelNames(["/a/base", "/b/tuned"], ["base", "tuned"])).toEqual(["base", "tuned"]);
  expect(twoModelNames(["/a/base", "/b/base"], ["base", "base"])).toEqual(["a/base", "b/base"]);
  expect(twoModelNames(["C:\\a\\base", "C:\\b\\base"], ["base", "base"])).toEqual(["a/base", "b/base"]);
});
