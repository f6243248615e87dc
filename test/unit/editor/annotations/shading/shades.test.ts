/** Painted ranges of rows, as offsets in the document. */
import { describe, expect, test, vi } from "vitest";
import { lowSpanMessage, placedSpans } from "../../../../../extension/editor/annotations/low-spans";
import {
  rowProblem,
  type ShadeOptions,
  type Shades,
  shadeParts,
  shadesOf,
} from "../../../../../extension/editor/annotations/shading/shades";
import { regionOfLine } from "../../../../../extension/editor/documents/regions/documents";
import { type Reading, type ReadingOptions, readingOf } from "../../../../../extension/editor/scores/reading";
import {
  entryOf,
  type RowEntry,
  type ScoredText,
} from "../../../../../extension/editor/scores/scored-document";
import { scored, tokensAt } from "../../../../support/scores";

// Entries have offsets only, so VS Code is not called.
vi.mock("vscode", () => ({}));

const line = '{"prompt":"1 + 1 = ","completion":"\\u0032, no 3"}';
/** Offset of the line in its document. */
const start = 100;

function rowEntry(): RowEntry {
  const region = regionOfLine(line, 0, "a.jsonl:1");
  if (!region || "problem" in region) throw new Error("the line is a row");
  const text = "2, no 3";
  const tokens = tokensAt([0, 1, 0.96875], [1, 2, 0.125], [2, 5, -0.5], [5, 7, -1], [7, 7, -0.9]);
  const row = { row: 0, place: "a.jsonl:1", texts: [text], scores: [scored({ tokenScores: tokens })] };
  const placed = { ...region, start, end: start + line.length };
  return entryOf(placed, { kind: "scored", row });
}

const reading: ReadingOptions = {
  metric: "q",
  granularity: "token",
  threshold: 0,
  scale: "full",
  goal: "good",
};
const read = (completion: ScoredText): Reading => readingOf(completion, reading);

function shades(entries: readonly RowEntry[], options: Partial<ShadeOptions> = {}): Shades {
  const everything = { start: 0, end: 1e6 };
  return shadesOf(entries, { shading: "heat", within: everything, limit: 100, read, ...options });
}

/** The painted characters of the document, by bucket. */
function painted({ units }: Shades): Record<number, string[]> {
  return Object.fromEntries(
    [...units].map(([bucket, ranges]) => [
      bucket,
      ranges.map((range) => line.slice(range.start - start, range.end - start)),
    ]),
  );
}

describe("shades", () => {
  test("are on the characters of the tokens, escapes included", () => {
    expect(painted(shades([rowEntry()]))).toEqual({ 0: [" 3"], 5: [" no"], 11: [","], 20: ["\\u0032"] });
  });

  test("bracket a completion that was marked by hand, and no other", () => {
    const entry = rowEntry();
    if (entry.kind === "bad") throw new Error("the line is a row");
    expect(shades([entry]).marked).toEqual([]);
    const marked: RowEntry = { kind: "waiting", region: { ...entry.region, taken: "marked" } };
    const [range] = shades([marked]).marked;
    expect(range && line.slice(range.start - start, range.end - start)).toBe("\\u0032, no 3");
  });

  test("of low tokens alone omit the others", () => {
    expect(painted(shades([rowEntry()], { shading: "low" }))).toEqual({ 0: [" 3"], 5: [" no"] });
  });

  test("with colors that span the row's range still mark only values below the threshold as low", () => {
    const read = (completion: ScoredText): Reading =>
      readingOf(completion, { ...reading, scale: "range", threshold: -0.9 });
    const all = shades([rowEntry()], { read });
    const parts = [...all.units.keys()].map(shadeParts);
    // −1 is low; −0.5 is painted red or blue by its place in the range, but not low.
    expect(parts.filter(({ isLow }) => isLow)).toHaveLength(1);
    expect(painted(shades([rowEntry()], { read, shading: "low" }))).toEqual({ 0: [" 3"] });
    const none = (completion: ScoredText): Reading =>
      readingOf(completion, { ...reading, scale: "range", threshold: -1 });
    expect(shades([rowEntry()], { read: none, shading: "low" }).units.size).toBe(0);
    const reds = [...shades([rowEntry()], { read: none }).units.keys()].map(shadeParts);
    expect(reds.some(({ bucket, isLow }) => bucket < 10 && !isLow)).toBe(true);
  });

  test("keep to the lines near the screen, and to their limit", () => {
    const comma = start + line.indexOf(", no");
    const near = { start: comma - 2, end: comma };
    expect(painted(shades([rowEntry()], { within: near }))).toEqual({ 11: [","], 20: ["\\u0032"] });
    expect(painted(shades([rowEntry()], { limit: 1 }))).toEqual({ 20: ["\\u0032"] });
  });

  test("include the prompt, even of a waiting row, which has no shades", () => {
    const { region } = rowEntry();
    if ("problem" in region) throw new Error("the line is a row");
    const waiting = shades([entryOf(region, undefined)]);
    expect(waiting.units.size).toBe(0);
    expect(waiting.prompts.map((range) => line.slice(range.start - start, range.end - start))).toEqual([
      "1 + 1 = ",
    ]);
  });

  test("give the reason for rows without scores, on one line", () => {
    const bad: RowEntry = { kind: "bad", region: { start: 5, end: 9, problem: "is not JSON:\n  at 3" } };
    expect(shades([bad]).problems).toEqual([{ start: 5, end: 9, text: "not read: is not JSON: at 3" }]);
    const { region } = rowEntry();
    if ("problem" in region) throw new Error("the line is a row");
    const failed = entryOf(region, { kind: "failed", problem: "x".repeat(500) });
    expect(rowProblem(failed)).toMatch(/^not scored: x{159}…$/);
    expect(rowProblem(rowEntry())).toBeUndefined();
  });
});

describe("low spans", () => {
  test("have the places of their text in the document", () => {
    const [run, ...others] = placedSpans([rowEntry()], read);
    expect(others).toEqual([]);
    expect(run && line.slice(run.start - start, run.end - start)).toBe(" no 3");
  });

  test("say how low, how long, below what, and for which goal", () => {
    const run = { start: 0, end: 9, firstToken: 3, lastToken: 14, lowest: -0.83 };
    const scale = { low: -1, threshold: 0, high: 1 };
    expect(lowSpanMessage(run, { metric: "q", scale, goal: "preferred" })).toBe(
      "Low Q: −0.83 at its lowest, 12 tokens below 0 (goal preferred)",
    );
    const one = { ...run, lastToken: 3 };
    expect(lowSpanMessage(one, { metric: "partial-reward", scale, goal: "preferred" })).toBe(
      "Low partial reward: −0.83 at its lowest, 1 token below 0",
    );
  });
});
