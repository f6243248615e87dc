/** Texts of training runs in the tree. Pure. */
import type { MetricsRow, PairMetrics } from "../protocol/metrics";
import type { BrokenRun, ListedRun, RunRecord } from "../protocol/runs";
import { precisePercent, thousandths } from "../reports/quantities";

export type RunStatusShown = ListedRun["status"] | "broken";

/** Names of VS Code's icons. */
export const statusIcons: Readonly<Record<RunStatusShown, string>> = {
  running: "sync~spin",
  paused: "debug-pause",
  finished: "pass",
  stopped: "pass",
  failed: "error",
  interrupted: "debug-disconnect",
  broken: "warning",
};

const statusWords: Readonly<Record<RunStatusShown, string>> = {
  running: "running",
  paused: "paused",
  finished: "finished",
  stopped: "ended early",
  failed: "failed",
  interrupted: "interrupted",
  broken: "cannot be read",
};

/** Status for users who cannot see the icon. */
export function statusText(run: ListedRun | BrokenRun): string {
  return statusWords[statusOf(run)];
}

export function statusOf(run: ListedRun | BrokenRun): RunStatusShown {
  return "record" in run ? run.status : "broken";
}

/** Text after the run's name: its status if the icon is ambiguous, its progress, and its results. */
export function runDescription(run: ListedRun | BrokenRun): string {
  if (!("record" in run)) return statusWords.broken;
  const { record, status, last } = run;
  const step = Math.max(record.step, last?.step ?? 0);
  const isOver = status === "finished" || status === "stopped";
  const { accuracy, loss } = (isOver ? (record.best ?? last) : last) ?? {};
  return [
    ...(status === "running" && record.steps > 0 ? [] : [statusWords[status]]),
    ...(record.steps > 0 ? [`step ${step}/${record.steps}`] : []),
    ...(loss === undefined ? [] : [`loss ${thousandths(loss)}`]),
    ...(accuracy === undefined ? [] : [`accuracy ${precisePercent(accuracy)}`]),
  ].join(" · ");
}

/** Names and values for a tooltip. */
export function runFacts({ record, folder }: ListedRun): readonly (readonly [name: string, text: string])[] {
  const { settings, model, data, trainingPairs, evaluationPairs, created, device, reason } = record;
  const { method, loss, learningRate, batchSize } = settings;
  return [
    ...(reason === undefined ? [] : [["Reason", reason] as const]),
    ["Data", `${data.path}: ${trainingPairs} pairs, ${evaluationPairs} held out`],
    ["Model", model],
    ["Method", `${method}, λ ${loss.lambda}, learning rate ${learningRate}, ${batchSize} pairs per step`],
    ["Device", device],
    ["Started", new Date(created).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" })],
    ["Folder", folder],
  ];
}

/** A line under a run. */
export interface MetricLine {
  readonly label: string;
  readonly value: string;
}

/** Number of evaluations that are listed, the newest first. */
const listedEvaluations = 5;

/** @param rows rows of metrics.jsonl, in order */
export function metricLines({ best }: Pick<RunRecord, "best">, rows: readonly MetricsRow[]): MetricLine[] {
  const last = rows.findLast(({ kind }) => kind === "step");
  const evaluations = rows.filter(({ kind }) => kind === "evaluation").reverse();
  return [
    ...(last ? measures(last).map(([name, value]) => ({ label: sentence(name), value })) : []),
    ...(best ? [{ label: "Best", value: `${joined(best)} · after step ${best.step}` }] : []),
    ...evaluations
      .slice(0, listedEvaluations)
      .map((row) => ({ label: `Evaluation after step ${row.step}`, value: joined(row) })),
  ];
}

function joined(row: PairMetrics): string {
  return measures(row)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · ");
}

function measures(row: PairMetrics): (readonly [name: string, value: string])[] {
  const all: readonly (readonly [string, number | undefined, (value: number) => string])[] = [
    ["loss", row.loss, thousandths],
    ["ranking loss", row.rankingLoss, thousandths],
    ["contrastive loss", row.contrastiveLoss, thousandths],
    ["language-model loss", row.lmLoss, thousandths],
    ["accuracy", row.accuracy, precisePercent],
    ["margin", row.margin, thousandths],
  ];
  return all.flatMap(([name, value, written]) =>
    value === undefined ? [] : [[name, written(value)] as const],
  );
}

function sentence(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
