/** The text of a token's hover, as Markdown. Pure. */
import { known } from "../../display/metric";
import { type ListedToken, listedToken } from "../../display/token-list";
import { decimal, quoted, rewardText, signed } from "../../display/wording";
import type { TokenScores } from "../../protocol/scores";
import { literal } from "./literal-markdown";
import { percentileText, type RowWordingOptions } from "./row-wording";

/**
 * Returns paragraphs of Markdown: the token, its Q for each goal state with the change from the token before, and its
 * partial reward. Returns none if there is no such token.
 *
 * @param text the completion
 */
export function tokenParagraphs(
  scores: TokenScores,
  text: string,
  index: number,
  { goal, rewardQuantiles }: RowWordingOptions,
): string[] {
  const count = scores.ids.length;
  if (index >= count) return [];
  const token = listedToken(scores, text, index);
  const head = `**${literal(quoted(token.text))}** · id ${token.id} · token ${index + 1} of ${count}`;
  const goals = Object.keys(token.q).sort((a, b) => Number(b === goal) - Number(a === goal));
  const values = goals.map((name) => qLine(name, token.q[name] ?? null, known(scores.q[name]?.[index - 1])));
  return [head, ...values, ...partialReward(token, rewardQuantiles)];
}

function qLine(goal: string, q: number | null, before: number | undefined): string {
  const name = `Q for ${literal(goal)}`;
  if (q === null) return `${name}: not a number`;
  const change = before === undefined ? "" : ` (${signed(q - before)} from ${decimal(before)} before)`;
  return `${name}: **${decimal(q)}**${change}`;
}

function partialReward({ partialReward }: ListedToken, quantiles: readonly number[] | undefined): string[] {
  if (partialReward === null) return [];
  const percentile = percentileText(partialReward, quantiles);
  return [
    `Partial reward: **${rewardText(partialReward)}**${percentile === undefined ? "" : `, ${percentile}`}`,
  ];
}
