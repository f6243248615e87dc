/** The result of scoring a row, as it is stored. */
import type { DatasetRow } from "../engine/data/rows/row";
import type { AnsweredRow, TokenScores } from "../protocol/scores";

/** Nothing in it depends on the row's position: rows with equal text share it. */
export interface ScoredOutcome {
  readonly kind: "scored";
  readonly row: AnsweredRow;
}

export interface FailedOutcome {
  readonly kind: "failed";
  readonly problem: string;
}

export type Outcome = ScoredOutcome | FailedOutcome;

/** Texts of a row's completions, to which token offsets refer. Throws Error if this is not the row that was scored. */
export function textsOf({ texts }: AnsweredRow, { completions }: DatasetRow): string[] {
  return texts.map((text, i) => {
    const asked = text ?? completions[i]?.completion;
    if (typeof asked !== "string") throw new Error(`completion ${i} has no text: it belongs to another row`);
    return asked;
  });
}

/** Bytes of an outcome's objects, without columns and texts: measured with bench/scores.ts, rounded up. */
const rowBytes = 700;
const completionBytes = 750;
const columnBytes = 130;
const textBytes = 60;

/** Completions with equal own texts share them, if these are at most this many. */
export const sharedTexts = 4;

/** Approximate memory of an outcome, in bytes. */
export function bytesOf(outcome: Outcome): number {
  if (outcome.kind === "failed") return rowBytes + textSize(outcome.problem);
  const { texts, scores, place } = outcome.row;
  return (
    rowBytes +
    textSize(place) +
    sum(texts, (text) => (text === null ? 0 : textSize(text))) +
    sum(scores, ({ tokenScores }) => completionBytes + (tokenScores ? tokenBytes(tokenScores) : 0))
  );
}

function tokenBytes({ ids, starts, ends, partialRewards, q, ownTexts }: TokenScores): number {
  const columns = [ids, starts, ends, ...(partialRewards ? [partialRewards] : []), ...Object.values(q)];
  return sum(columns, ({ byteLength }) => columnBytes + byteLength) + sum(Object.values(ownTexts), textSize);
}

/** Assumes UTF-16; V8 stores Latin-1 text in half as much. */
function textSize(text: string): number {
  return textBytes + 2 * text.length;
}

function sum<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((total, item) => total + size(item), 0);
}
