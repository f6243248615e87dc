/** A document stays scored when VS Code reopens it as another object. */
import { beforeEach, expect, test } from "vitest";
import { CarryOver } from "../../../../extension/editor/scores/carry-over";

let now: number;
let carryOver: CarryOver<string>;

beforeEach(() => {
  now = 0;
  carryOver = new CarryOver(() => now);
});

const nothingOpen = () => undefined;

test("after a change of language: closed and opened at one address, restored once", () => {
  carryOver.closed("file:///a.jsonl", "marks");
  expect(carryOver.take("file:///b.jsonl", nothingOpen)).toBeUndefined();
  expect(carryOver.take("file:///a.jsonl", nothingOpen)).toBe("marks");
  expect(carryOver.take("file:///a.jsonl", nothingOpen)).toBeUndefined();
});

test("after a rename, whether the old document closes before or after the new one opens", () => {
  carryOver.renamed("file:///a.jsonl", "file:///b.jsonl");
  const open = (uri: string) => (uri === "file:///a.jsonl" ? "still open" : undefined);
  expect(carryOver.take("file:///b.jsonl", open)).toBe("still open");
  carryOver.closed("file:///a.jsonl", "closed");
  expect(carryOver.take("file:///b.jsonl", nothingOpen)).toBe("closed");
});

test("when its folder is renamed, but not one with the same beginning of its name", () => {
  carryOver.closed("file:///data/x/a.jsonl", "marks");
  carryOver.renamed("file:///data", "file:///sets");
  expect(carryOver.take("file:///sets2/x/a.jsonl", nothingOpen)).toBeUndefined();
  expect(carryOver.take("file:///sets/x/a.jsonl", nothingOpen)).toBe("marks");
});

test("not when it was closed long ago", () => {
  carryOver.closed("file:///a.jsonl", "marks");
  now = 60_000;
  expect(carryOver.take("file:///a.jsonl", nothingOpen)).toBeUndefined();
});
