/** Sides, titles and prompts of a comparison, made from scored rows. */
import { percentileOf } from "../../display/percentile";
import { noTokens } from "../../display/token-list";
import { warningText } from "../../display/warning-text";
import type { PlacedText, Region } from "../../editor/documents/regions/region";
import { InputError } from "../../engine/errors";
import type { Side } from "../../protocol/panels/compare";
import type { ScoredRow } from "../../protocol/scores";

export interface SideSource {
  readonly label: string;
  /** Model and device. */
  readonly model: string;
  readonly region: Region;
  readonly row: ScoredRow;
  /** Index of the completion in its row, from 0. */
  readonly index: number;
  readonly rewardQuantiles: readonly number[] | undefined;
}

/** One side of a comparison. Throws InputError if the row has no such completion. */
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
    warnings: warnings.map(warningText),
  };
}

/** Indexes of the completions of a row to show: chosen and rejected, or else the selected one. */
export function shownOf(region: Region, looked: number): readonly number[] {
  const roles = region.row.completions.map(({ role }) => role);
  const [chosen, rejected] = [roles.indexOf("chosen"), roles.indexOf("rejected")];
  return chosen >= 0 && rejected >= 0
    ? [chosen, rejected]
    : [Math.max(0, Math.min(looked, roles.length - 1))];
}

/** Index of the completion of a row that contains an offset of the document, or else 0. */
export function completionAt({ start, completions }: Region, offset: number): number {
  const at = offset - start;
  const holds = ({ text, at: place }: PlacedText) => place(0) <= at && at <= place(text.length);
  return Math.max(
    0,
    completions.findIndex(({ texts }) => texts.some(holds)),
  );
}

/** The role of a completion, or its number if its row has several without a role. */
export function completionLabel(region: Region, index: number): string {
  const { completions } = region.row;
  const role = completions[index]?.role ?? "completion";
  return role === "completion" && completions.length > 1 ? `completion ${index + 1}` : role;
}

/** The prompt of a completion as text; messages of a conversation begin with their roles. */
export function promptText({ row }: Region, index: number): string {
  const prompt = row.completions[index]?.prompt ?? "";
  return typeof prompt === "string"
    ? prompt.trim()
    : prompt.map(({ role, content }) => `${role}: ${content}`).join("\n\n");
}

/** The prompt if all are the same, or else each prompt after its name. */
export function promptsOf(named: readonly (readonly [name: string, prompt: string])[]): string {
  const prompts = [...new Set(named.map(([, prompt]) => prompt))];
  if (prompts.length < 2) return prompts[0] ?? "";
  return named.map(([name, prompt]) => `${name}: ${prompt}`).join("\n\n");
}

/** File and number of a row. */
export interface TitledRow {
  readonly file: string;
  /** Row number, counted from 1; undefined if the file has only one row. */
  readonly row: number | undefined;
}

/** Title such as `pairs.jsonl, row 3`, `pairs.jsonl, rows 1 and 3` or `a.jsonl, row 1 · solution.md`. */
export function titleOf(places: readonly TitledRow[]): string {
  const [a, b] = places;
  if (a && b && a.file === b.file && a.row !== b.row) return `${a.file}, rows ${a.row} and ${b.row}`;
  return [...new Set(places.map(({ file, row }) => (row === undefined ? file : `${file}, row ${row}`)))].join(
    " · ",
  );
}

/** The names of two models, with their parent folders if the names are the same. */
export function twoModelNames(models: readonly string[], names: readonly string[]): string[] {
  if (new Set(names).size === names.length) return [...names];
  return models.map((model) => model.split(/[\\/]/).slice(-2).join("/"));
}
