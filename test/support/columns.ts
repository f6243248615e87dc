import type { ListedToken } from "../../extension/display/token-list";
import type { TokenScores } from "../../extension/protocol/scores";

/** Columns of tokens that a test lists one by one. null becomes NaN. */
export function columnsOf(tokens: readonly ListedToken[], text: string): TokenScores {
  const goals = Object.keys(tokens[0]?.q ?? {});
  const hasRewards = tokens.some(({ partialReward }) => partialReward !== null);
  const own = tokens.filter((token) => token.text !== text.slice(token.start, token.end));
  const floats = (value: (token: ListedToken) => number | null | undefined): Float32Array =>
    Float32Array.from(tokens, (token) => value(token) ?? Number.NaN);
  return {
    ids: Int32Array.from(tokens, ({ id }) => id),
    starts: Int32Array.from(tokens, ({ start }) => start),
    ends: Int32Array.from(tokens, ({ end }) => end),
    ...(hasRewards ? { partialRewards: floats(({ partialReward }) => partialReward) } : {}),
    q: Object.fromEntries(goals.map((goal) => [goal, floats(({ q }) => q[goal])])),
    ownTexts: Object.fromEntries(own.map((token) => [token.id, token.text])),
  };
}
