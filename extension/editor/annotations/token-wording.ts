/** What the hover says of a token, as Markdown. Pure. */

import { decimal, quoted, rewardText, signed } from "../../display/wording";
import type { TokenScore } from "../../protocol/scores";
import { literal } from "./literal-markdown";
import { percentileText, type RowWordingOptions } from "./row-wording";

/**
 * Paragraphs of Markdown: the token, its Q for every goal state with the change from the token before, its partial
 * reward. Empty where there is no such token.
 */
export function tokenParagraphs(
  tokens: readonly TokenScore[],
  index: number,
  { goal, rewardQuantiles }: RowWordingOptions,
): string[] {
  const token = tokens[index];
  if (!token) return [];
  const head = `**${literal(quoted(token.text))}** · id ${token.id} · token ${index + 1} of ${tokens.length}`;
  const goals = Object.keys(token.q).sort((a, b) => Number(b === goal) - Number(a === goal));
  const values = goals.map((name) => qLine(name, token.q[name] ?? null, tokens[index - 1]?.q[name]));
  return [head, ...values, ...partialReward(token, rewardQuantiles)];
}

function qLine(goal: string, q: number | null, before: number | null | undefined): string {
  const name = `Q for ${literal(goal)}`;
  if (q === null) return `${name}: not a number`;
  const change = typeof before === "number" ? ` (${signed(q - before)} from ${decimal(before)} before)` : "";
  return `${name}: **${decimal(q)}**${change}`;
}

function partialReward({ partialReward }: TokenScore, quantiles: readonly number[] | undefined): string[] {
  if (partialReward === null) return [];
  const percentile = percentileText(partialReward, quantiles);
  return [
    `Partial reward: **${rewardText(partialReward)}**${percentile === undefined ? "" : `, ${percentile}`}`,
  ];
}
