/** What scoring a row came to, as it is stored. */
import type { DatasetRow } from "../engine/data/rows/row";
import type { AnsweredRow, TokenScores } from "../protocol/scores";

/** Nothing in it depends on where the row is: rows of one text share it. */
export interface ScoredOutcome {
  readonly kind: "scored";
  readonly row: AnsweredRow;
}

export interface FailedOutcome {
  readonly kind: "failed";
  readonly problem: string;
}

export type Outcome = ScoredOutcome | FailedOutcome;

/** Texts of a row's completions, by which token offsets count. Throws Error if the row is not the one that was asked. */
export function textsOf({ texts }: AnsweredRow, { completions }: DatasetRow): string[] {
  return texts.map((text, i) => {
    const asked = text ?? completions[i]?.completion;
    if (typeof asked !== "string") throw new Error(`completion ${i} has no text: it belongs to another row`);
    return asked;
  });
}

/** Bytes of an outcome's objects, beside columns and texts: measured with bench/scores.ts, rounded up. */
const rowBytes = 700;
const completionBytes = 750;
const columnBytes = 130;
const textBytes = 60;

/** Own texts up to this number are shared between completions that have the same. */
export const sharedTexts = 4;

/** About what an outcome takes in memory, in bytes. */
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

/** UTF-16 at worst. */
function textSize(text: string): number {
  return textBytes + 2 * text.length;
}

function sum<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((total, item) => total + size(item), 0);
}
