/** Tokens of a message as the columns that extension/display reads. */
import type { SideToken } from "../../../extension/protocol/compare";
import type { TokenScores } from "../../../extension/protocol/scores";

export function columnsOf(tokens: readonly SideToken[]): TokenScores {
  const floats = (value: (token: SideToken) => number | null | undefined): Float32Array =>
    Float32Array.from(tokens, (token) => value(token) ?? Number.NaN);
  const goals = Object.keys(tokens[0]?.q ?? {});
  return {
    ids: Int32Array.from(tokens, ({ id }) => id),
    starts: Int32Array.from(tokens, ({ start }) => start),
    ends: Int32Array.from(tokens, ({ end }) => end),
    partialRewards: floats(({ partialReward }) => partialReward),
    q: Object.fromEntries(goals.map((goal) => [goal, floats(({ q }) => q[goal])])),
    ownTexts: Object.fromEntries(tokens.map(({ id, text }) => [id, text])),
  };
}
