/** The results of a sweep, one line per combination, as text and as Markdown. */
import { type MeanInterval, meanInterval } from "../../engine/evaluation/intervals";
import type { RunStatus } from "../../protocol/runs";
import { thousandths } from "../../reports/quantities";
import { table } from "../output/table";

/** Measures of the best evaluation on held-out pairs, and of the test set if there is one. */
export interface SweepMeasures {
  readonly accuracy?: number | undefined;
  /** Accuracy minus that of the first combination's run with the same seed, which usually holds out the same pairs. */
  readonly accuracyGain?: number | undefined;
  readonly rankingLoss?: number | undefined;
  readonly contrastiveLoss?: number | undefined;
  readonly lmLoss?: number | undefined;
  readonly margin?: number | undefined;
  readonly testAccuracy?: number | undefined;
  readonly testAuroc?: number | undefined;
}

export interface SweepRun {
  readonly seed: number;
  /** Name of the run's folder. */
  readonly run: string;
  readonly status: RunStatus;
  readonly measures: SweepMeasures;
}

export interface SweepRow {
  /** Settings by flag, as typed. */
  readonly settings: Readonly<Record<string, string>>;
  readonly runs: readonly SweepRun[];
}

const columns = {
  accuracy: "accuracy",
  accuracyGain: "gain",
  rankingLoss: "ranking loss",
  contrastiveLoss: "contrastive loss",
  lmLoss: "language-model loss",
  margin: "margin",
  testAccuracy: "test accuracy",
  testAuroc: "test AUROC",
} as const satisfies Record<keyof SweepMeasures, string>;

type Measure = keyof typeof columns;
const measures = Object.keys(columns) as Measure[];
const shares: readonly Measure[] = ["accuracy", "accuracyGain", "testAccuracy"];

export function sweepTable(rows: readonly SweepRow[]): string {
  const cells = cellsOf(rows);
  return table(
    cells,
    (cells[0] ?? []).map((_, i) => i).filter((i) => i > 0),
  );
}

export function sweepMarkdown(rows: readonly SweepRow[], title: string, notes: readonly string[]): string {
  const [heading = [], ...lines] = cellsOf(rows);
  const written = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = `| --- |${" ---: |".repeat(heading.length - 1)}`;
  const grid = [written(heading), rule, ...lines.map(written)].join("\n");
  return `${[`# ${title}`, grid, ...notes].join("\n\n")}\n`;
}

/** Adds every run's gain. It is more precise than a difference of means, because seeds hold out different pairs. */
export function withGains(rows: readonly SweepRow[]): SweepRow[] {
  const [first, ...others] = rows;
  if (!first) return [];
  const gained = (run: SweepRun): SweepRun => {
    const { accuracy } = run.measures;
    const base = first.runs.find(({ seed }) => seed === run.seed)?.measures.accuracy;
    if (accuracy === undefined || base === undefined) return run;
    return { ...run, measures: { ...run.measures, accuracyGain: accuracy - base } };
  };
  return [first, ...others.map((row) => ({ ...row, runs: row.runs.map(gained) }))];
}

/** Means over the runs that finished, by measure, as shown in the table. */
export function meansOf({ runs }: SweepRow): Partial<Record<Measure, MeanInterval>> {
  const found = measures.flatMap((measure) => {
    const mean = meanInterval(valuesOf(runs, measure));
    return mean ? [[measure, mean] as const] : [];
  });
  return Object.fromEntries(found);
}

/** A heading and one line per combination; measures that no run has are omitted. */
function cellsOf(rows: readonly SweepRow[]): string[][] {
  const means = rows.map(meansOf);
  const shown = measures.filter((measure) => means.some((row) => row[measure] !== undefined));
  return [
    ["settings", "runs", ...shown.map((measure) => columns[measure])],
    ...rows.map(({ settings, runs }, i) => [
      Object.entries(settings)
        .map(([flag, text]) => `${flag} ${text}`)
        .join(", ") || "as given",
      runsText(runs),
      ...shown.map((measure) => cell(means[i]?.[measure], measure)),
    ]),
  ];
}

function runsText(runs: readonly SweepRun[]): string {
  const failed = runs.filter(({ status }) => status === "failed").length;
  return failed > 0 ? `${runs.length - failed}, ${failed} failed` : String(runs.length);
}

function valuesOf(runs: readonly SweepRun[], measure: Measure): number[] {
  return runs.flatMap(({ status, measures: { [measure]: value } }) =>
    status === "failed" || value === undefined ? [] : [value],
  );
}

/** Mean ± half of the 95% interval; accuracies are in percent, gains have a sign. */
function cell(value: MeanInterval | undefined, measure: Measure): string {
  if (!value) return "–";
  const inPercent = shares.includes(measure);
  const written = (number: number): string => (inPercent ? (100 * number).toFixed(1) : thousandths(number));
  const { mean, interval } = value;
  const sign = measure === "accuracyGain" && mean > 0 ? "+" : "";
  const spread = interval ? ` ± ${written(interval.high - mean)}` : "";
  return sign + written(mean) + spread + (inPercent ? "%" : "");
}
