/** Shading stays on its characters when only the layout of a row changes. */
import { expect, test, vi } from "vitest";
import { regionOfLine } from "../../../../extension/editor/documents/regions/documents";
import type { Region } from "../../../../extension/editor/documents/regions/region";
import { Alignments } from "../../../../extension/editor/scores/alignments";
import { entryOf } from "../../../../extension/editor/scores/scored-document";
import type { Outcome } from "../../../../extension/scores/outcome";
import { scored, tokensAt } from "../../../support/scores";

vi.mock("vscode", () => ({}));

const line = '{"prompt": "1 + 1 = ", "completion": "The answer is 2"}';

function regionOf(text: string): Region {
  const region = regionOfLine(text, 0, "a.jsonl:1");
  if (!region || "problem" in region) throw new Error("the line is a row");
  return region;
}

test("an indent moves tokens with their text", () => {
  const outcome: Outcome = {
    kind: "scored",
    row: {
      row: 0,
      place: "a.jsonl:1",
      texts: [null],
      scores: [scored({ tokenScores: tokensAt([0, 3, 1], [3, 10, 1], [10, 15, 1]) })],
    },
  };
  const alignments = new Alignments();
  for (const text of [line, `    ${line}`, `\t${line}`]) {
    const region = regionOf(text);
    expect(region.key).toBe(regionOf(line).key);
    const entry = entryOf(region, outcome, alignments);
    const [completion] = entry.kind === "scored" ? entry.completions : [];
    const [answer] = completion?.rangesOf({ start: 3, end: 10 }) ?? [];
    expect(answer && text.slice(answer.start, answer.end)).toBe(" answer");
    expect(completion?.tokenAt(text.indexOf("answer"))).toBe(1);
    expect(completion?.token(1)).toMatchObject({ start: 3, end: 10, q: { good: 1 } });
  }
});
