/** An evaluation as a text that needs no explanation beside it. */
import type { Evaluation, LabelEvaluation, Measured, PairEvaluation } from "../engine/evaluation/evaluate";
import type { Localisation } from "../engine/evaluation/localisation";
import { table } from "./table";

/** Value, 95 % interval, name, what it means. */
type Line = readonly [value: string, interval: string, name: string, meaning: string];

export function evaluationReport(evaluation: Evaluation, model: string, dataset: string): string {
  const { pairs, labels, localisation = {}, settings } = evaluation;
  const sections = [
    heading(evaluation, model, dataset),
    ...(pairs ? [pairSection(pairs)] : []),
    ...(labels ? [labelSection(labels)] : []),
    ...Object.entries(localisation).map(([goal, found]) => stepSection(goal, found, settings.localisation)),
  ];
  if (pairs || labels?.auroc.value !== undefined) sections.push(footing(evaluation));
  return sections.join("\n\n");
}

function heading(evaluation: Evaluation, model: string, dataset: string): string {
  const { rows, badRows, completions, withoutReward, rewardQuantiles: quantiles } = evaluation;
  const lines = [`${model} on ${dataset}: ${count(rows, "row")}, ${count(completions, "completion")}`];
  if (badRows > 0) lines.push(`${count(badRows, "bad row")} passed over`);
  if (withoutReward > 0) lines.push(`${count(withoutReward, "completion")} without a reward`);
  const [least, median, most] = [quantiles[0], quantiles[10], quantiles[20]];
  if (least !== undefined && median !== undefined && most !== undefined)
    lines.push(`rewards from ${number(least)} to ${number(most)}, half of them below ${number(median)}`);
  return lines.join("\n");
}

function pairSection({ pairs, accuracy, margin }: PairEvaluation): string {
  return section(count(pairs, "preference pair"), [
    [
      ...measured(accuracy, percent),
      "accuracy",
      "share with the higher reward on the chosen side; a coin gets 50 %",
    ],
    [...measured(margin, number), "margin", "mean of chosen reward − rejected reward"],
  ]);
}

function labelSection({ right, wrong, auroc, withinGroups, partial }: LabelEvaluation): string {
  const title = `${count(right, "right completion")}, ${count(wrong, "wrong one")}`;
  if (auroc.value === undefined) return `${title}: AUROC needs both`;
  const lines: Line[] = [
    [
      ...measured(auroc, number),
      "AUROC",
      "chance that a right one has a higher reward than a wrong one; a coin gets 0.5",
    ],
  ];
  if (withinGroups) {
    const { groups } = withinGroups;
    const meaning = groups > 0 ? `mean of ${count(groups, "group")} with both` : "no group has both";
    lines.push([...measured(withinGroups, number), "AUROC within groups", meaning]);
  }
  const known = partial.flatMap(({ share, auroc: value }) => (value === undefined ? [] : [{ share, value }]));
  if (known.length === 0) return section(title, lines);
  const columns = table(
    [
      ["read", ...known.map(({ share }) => percent(share, 0))],
      ["AUROC", ...known.map(({ value }) => value.toFixed(2))],
    ],
    known.map((_, i) => i + 1),
  );
  return `${section(title, lines)}\n${indented(`when only the first part of every completion is read:\n${columns}`)}`;
}

function stepSection(
  goal: string,
  found: Localisation,
  { threshold, skip }: Evaluation["settings"]["localisation"],
): string {
  const rule = `first token with Q below ${threshold}, the first ${skip} of a completion left out`;
  const lines: Line[] = [];
  const add = (share: number | undefined, name: string, meaning: string): void => {
    if (share !== undefined) lines.push([percent(share), "", name, meaning]);
  };
  add(
    found.inside,
    "in the wrong step",
    `a token drawn at random lies there in ${percent(found.chance ?? 0)}`,
  );
  add(found.earlier, "before it", "");
  add(found.later, "after it", "");
  add(found.none, "nowhere", "no token is low");
  add(found.alarms, "false alarms", "share of right solutions with a low token");
  const leftOut = found.leftOut > 0 ? `, ${found.leftOut} more cut off before the wrong step` : "";
  const title = `${count(found.wrong, "wrong solution")}, ${count(found.right, "right one")}${leftOut}; goal state ${goal}`;
  return section(`${title}\n${rule}`, lines);
}

function footing({ prompts, settings }: Evaluation): string {
  const { resamples, seed } = settings.bootstrap;
  return prompts < 2
    ? "no intervals: all rows have one prompt"
    : `[95 % intervals] from ${count(resamples, "bootstrap resample")} of the ${count(prompts, "prompt")}, seed ${seed}`;
}

function section(title: string, lines: readonly Line[]): string {
  return `${title}\n${indented(table(lines, [0]))}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
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

function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function number(value: number): string {
  return value.toFixed(3);
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}
