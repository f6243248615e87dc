/** What the compare panel shows of scored rows. */

import { percentileOf } from "../../display/percentile";
import { describe } from "../../display/warning-text";
import type { PlacedText, Region } from "../../editor/documents/regions/region";
import { InputError } from "../../engine/errors";
import type { Side } from "../../protocol/panels/compare";
import type { ScoredRow, TokenScores } from "../../protocol/scores";

const noTokens: TokenScores = {
  ids: new Int32Array(),
  starts: new Int32Array(),
  ends: new Int32Array(),
  q: {},
  ownTexts: {},
};

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

/** Throws InputError if the row has no such completion. */
export function sideOf({ label, model, region, row, index, rewardQuantiles }: SideSource): Side {
  const score = row.scores[index];
  if (!score) throw new InputError(region.row.place, `has no completion ${index + 1}`);
  const { reward, truncated, warnings, tokenScores } = score;
  const text = row.texts[index] ?? "";
  const steps = region.row.completions[index]?.steps ?? [];
  return {
    label,
    model,
    text,
    reward,
    percentile: (reward === null ? undefined : percentileOf(reward, rewardQuantiles)) ?? null,
    tokens: tokenScores ?? noTokens,
    truncated,
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

/** The completion of a row that holds an offset of the document, or else its first. */
export function completionAt({ start, completions }: Region, offset: number): number {
  const at = offset - start;
  const holds = ({ text, at: place }: PlacedText) => place(0) <= at && at <= place(text.length);
  return Math.max(
    0,
    completions.findIndex(({ texts }) => texts.some(holds)),
  );
}

export function completionLabel(region: Region, index: number): string {
  const { completions } = region.row;
  const role = completions[index]?.role ?? "completion";
  return role === "completion" && completions.length > 1 ? `completion ${index + 1}` : role;
}

/** The prompt of a completion as text: conversations with their roles. */
export function promptText({ row }: Region, index: number): string {
  const prompt = row.completions[index]?.prompt ?? "";
  return typeof prompt === "string"
    ? prompt.trim()
    : prompt.map(({ role, content }) => `${role}: ${content}`).join("\n\n");
}

/** One prompt where all are one, else each under its name. */
export function promptsOf(named: readonly (readonly [name: string, prompt: string])[]): string {
  const prompts = [...new Set(named.map(([, prompt]) => prompt))];
  if (prompts.length < 2) return prompts[0] ?? "";
  return named.map(([name, prompt]) => `${name}: ${prompt}`).join("\n\n");
}

/** Where a row stands. */
export interface RowPlace {
  readonly file: string;
  /** From 1; undefined: the file has but one. */
  readonly row: number | undefined;
}

/** `pairs.jsonl, row 3`, `pairs.jsonl, rows 1 and 3`, `a.jsonl, row 1 · solution.md`. */
export function titleOf(places: readonly RowPlace[]): string {
  const [a, b] = places;
  if (a && b && a.file === b.file && a.row !== b.row) return `${a.file}, rows ${a.row} and ${b.row}`;
  return [...new Set(places.map(({ file, row }) => (row === undefined ? file : `${file}, row ${row}`)))].join(
    " · ",
  );
}

/** Models of one name are told apart by the folders that they lie in. */
export function twoModelNames(models: readonly string[], names: readonly string[]): string[] {
  if (new Set(names).size === names.length) return [...names];
  return models.map((model) => model.split(/[\\/]/).slice(-2).join("/"));
}
