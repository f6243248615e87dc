/** What the compare panel shows of scored rows. */

import type { Side } from "../../webview/shared/messages";
import type { Region } from "../editor/regions/region";
import type { Text } from "../engine/data/row";
import type { ScoredRow } from "../engine/scoring/stream";
import { describe } from "../engine/scoring/warning";
import { percentileOf } from "../tokens/percentile";

export interface SideSource {
  readonly label: string;
  /** Model and device. */
  readonly model: string;
  readonly region: Region;
  readonly row: ScoredRow;
  /** Of the completion in its row. */
  readonly index: number;
  readonly rewardQuantiles: readonly number[] | undefined;
}

/** undefined: the row has no such completion. */
export function sideOf({ label, model, region, row, index, rewardQuantiles }: SideSource): Side | undefined {
  const score = row.scores[index];
  if (!score) return undefined;
  const { reward, warnings, tokenScores = [] } = score;
  const percentile = reward === null ? undefined : percentileOf(reward, rewardQuantiles);
  const steps = region.row.completions[index]?.steps ?? [];
  return {
    label,
    model,
    text: row.texts[index] ?? "",
    reward,
    percentile: percentile ?? null,
    tokens: tokenScores.map(({ id, text, start, end, q, partialReward }) => ({
      id,
      text,
      start,
      end,
      q: { ...q },
      partialReward,
    })),
    steps: steps.map(({ start, end }) => ({ start, end })),
    warnings: warnings.map(describe),
  };
}

/** The completions of a row to show: chosen and rejected, or the one that is looked at. */
export function shownOf(region: Region, looked: number): readonly number[] {
  const roles = region.row.completions.map(({ role }) => role);
  const [chosen, rejected] = [roles.indexOf("chosen"), roles.indexOf("rejected")];
  return chosen >= 0 && rejected >= 0
    ? [chosen, rejected]
    : [Math.max(0, Math.min(looked, roles.length - 1))];
}

export function labelOf(region: Region, index: number): string {
  const { completions } = region.row;
  const role = completions[index]?.role ?? "completion";
  return role === "completion" && completions.length > 1 ? `completion ${index + 1}` : role;
}

/** A prompt as text: conversations with their roles. */
export function promptText(prompt: Text): string {
  return typeof prompt === "string"
    ? prompt.trim()
    : prompt.map(({ role, content }) => `${role}: ${content}`).join("\n\n");
}
