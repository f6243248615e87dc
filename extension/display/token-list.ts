/** Token scores as one object per token. */
import type { TokenScores } from "../protocol/scores";
import { tokenText } from "./token-text";

/** A score is null if it is NaN, or if the model has no reward head. */
export interface ListedToken {
  readonly id: number;
  readonly text: string;
  /** UTF-16 offsets into the completion's text. Tokens added after the text start and end at its end. */
  readonly start: number;
  readonly end: number;
  /** By goal state. */
  readonly q: Readonly<Record<string, number | null>>;
  readonly partialReward: number | null;
}

/** Token i of a completion with this text. Throws RangeError if there is no such token. */
export function listedToken(scores: TokenScores, completion: string, i: number): ListedToken {
  const [id, start, end] = [scores.ids[i], scores.starts[i], scores.ends[i]];
  if (id === undefined || start === undefined || end === undefined) throw new RangeError(`no token ${i}`);
  const q = Object.entries(scores.q).map(([goal, column]) => [goal, orNull(column[i])]);
  return {
    id,
    text: tokenText(scores, completion, i),
    start,
    end,
    q: Object.fromEntries(q),
    partialReward: orNull(scores.partialRewards?.[i]),
  };
}

export function listedTokens(scores: TokenScores, completion: string): ListedToken[] {
  return Array.from(scores.ids, (_, i) => listedToken(scores, completion, i));
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Scores of a completion without tokens. */
export const noTokens: TokenScores = {
  ids: new Int32Array(),
  starts: new Int32Array(),
  ends: new Int32Array(),
  q: {},
  ownTexts: {},
};
