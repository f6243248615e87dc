/** An evaluation as sentences and rows of numbers, before it is laid out as text, Markdown or a page. */
import type {
  Evaluation,
  LabelEvaluation,
  Localization,
  Measured,
  PairEvaluation,
  TrainedOn,
} from "../protocol/evaluation";
import { count, percent } from "../display/wording";
import { precisePercent, thousandths } from "./quantities";

/** Value, 95% interval or an empty string, name, meaning. */
export type ReportLine = readonly [value: string, interval: string, name: string, meaning: string];

export interface ReportSection {
  readonly title: string;
  /** How the numbers were computed. */
  readonly rule?: string;
  readonly lines: readonly ReportLine[];
  /** Rows of equal length; the first cell of each is its name. */
  readonly columns?: { readonly caption: string; readonly rows: readonly (readonly string[])[] };
}

export interface EvaluationReport {
  /** Which model on which dataset. */
  readonly title: string;
  /** Reasons why the numbers may be misleading. */
  readonly warnings: readonly string[];
  /** Sentences about the dataset, at least one. */
  readonly heading: readonly string[];
  readonly sections: readonly ReportSection[];
  /** About the intervals; absent if no number could have one. */
  readonly footing?: string;
}

export function evaluationReport(evaluation: Evaluation, model: string, dataset: string): EvaluationReport {
  const { pairs, labels, localization = {}, trainedOn, settings } = evaluation;
  return {
    title: `${model} on ${dataset}`,
    warnings: trainedOn ? [trainedOnText(trainedOn)] : [],
    heading: heading(evaluation),
    sections: [
      ...(pairs ? [pairSection(pairs)] : []),
      ...(labels ? [labelSection(labels)] : []),
      ...Object.entries(localization).map(([goal, found]) => stepSection(goal, found, settings.localization)),
    ],
    ...((pairs || labels?.auroc.value !== undefined) && { footing: footing(evaluation) }),
  };
}

function trainedOnText({ run, pairs, heldOut }: TrainedOn): string {
  const rest = heldOut > 0 ? `; only ${count(heldOut, "pair")} of it were held out` : "";
  return (
    `the model was trained on this data (${count(pairs, "pair")}, run ${run}${rest}), ` +
    "so these numbers do not tell how well it does on other data"
  );
}

function heading(evaluation: Evaluation): string[] {
  const { rows, badRows, completions, withoutReward, rewardQuantiles: quantiles } = evaluation;
  const lines = [`${count(rows, "row")}, ${count(completions, "completion")}`];
  if (badRows > 0) lines.push(`${count(badRows, "bad row")} skipped`);
  if (withoutReward > 0) lines.push(`${count(withoutReward, "completion")} without a reward`);
  const [least, median, most] = [quantiles[0], quantiles[10], quantiles[20]];
  if (least !== undefined && median !== undefined && most !== undefined)
    lines.push(`rewards from ${thousandths(least)} to ${thousandths(most)}, median ${thousandths(median)}`);
  return lines;
}

function pairSection({ pairs, accuracy, margin }: PairEvaluation): ReportSection {
  const meaning = "share with the higher reward on the chosen side; chance is 50%";
  return {
    title: count(pairs, "preference pair"),
    lines: [
      [...measured(accuracy, precisePercent), "accuracy", meaning],
      [...measured(margin, thousandths), "margin", "mean of chosen reward − rejected reward"],
    ],
  };
}

function labelSection({ right, wrong, auroc, withinGroups, partial }: LabelEvaluation): ReportSection {
  const title = `${count(right, "correct completion")}, ${count(wrong, "incorrect one")}`;
  if (auroc.value === undefined) return { title: `${title}: AUROC needs both`, lines: [] };
  const meaning = "probability that a correct one has a higher reward than an incorrect one; chance is 0.5";
  const lines: ReportLine[] = [[...measured(auroc, thousandths), "AUROC", meaning]];
  if (withinGroups) {
    const { groups } = withinGroups;
    const which = groups > 0 ? `mean of ${count(groups, "group")} with both` : "no group has both";
    lines.push([...measured(withinGroups, thousandths), "AUROC within groups", which]);
  }
  const known = partial.flatMap(({ share, auroc: value }) => (value === undefined ? [] : [{ share, value }]));
  if (known.length === 0) return { title, lines };
  const rows = [
    ["read", ...known.map(({ share }) => percent(share))],
    ["AUROC", ...known.map(({ value }) => value.toFixed(2))],
  ];
  return {
    title,
    lines,
    columns: { caption: "if only the first part of every completion is scored:", rows },
  };
}

function stepSection(
  goal: string,
  found: Localization,
  { threshold, skip }: Evaluation["settings"]["localization"],
): ReportSection {
  const lines: ReportLine[] = [];
  const add = (share: number | undefined, name: string, meaning: string): void => {
    if (share !== undefined) lines.push([precisePercent(share), "", name, meaning]);
  };
  add(
    found.inside,
    "in the wrong step",
    `a random token is there in ${precisePercent(found.chance ?? 0)}`,
  );
  add(found.earlier, "before it", "");
  add(found.later, "after it", "");
  add(found.none, "nowhere", "no token is low");
  add(found.alarms, "false alarms", "share of correct solutions with a low token");
  const leftOut = found.leftOut > 0 ? `, ${found.leftOut} more cut off before the wrong step` : "";
  return {
    title: `${count(found.wrong, "incorrect solution")}, ${count(found.right, "correct one")}${leftOut}; goal state ${goal}`,
    rule: `first token with Q below ${threshold}, ignoring the first ${skip} tokens of a completion`,
    lines,
  };
}

function footing({ prompts, settings }: Evaluation): string {
  const { resamples, seed } = settings.bootstrap;
  return prompts < 2
    ? "no intervals: all rows have one prompt"
    : `[95% intervals] from ${count(resamples, "bootstrap resample")} of the ${count(prompts, "prompt")}, seed ${seed}`;
}

function measured(
  { value, interval }: Measured,
  written: (value: number) => string,
): [value: string, interval: string] {
  return [
    value === undefined ? "–" : written(value),
    interval ? `[${written(interval.low)}, ${written(interval.high)}]` : "",
  ];
}
