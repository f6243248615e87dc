/** Scores a dataset and computes the metrics that its rows allow, from pairs, labels and first incorrect steps. */
import type {
  Bootstrap,
  Evaluation,
  LabelEvaluation,
  LocalizationOptions,
  Measured,
  PairEvaluation,
} from "../../protocol/evaluation";
import type { BadRow, DatasetRow } from "../data/rows/row";
import { InputError } from "../errors";
import type { RewardModel } from "../scoring/reward-model";
import { type ScoreOptions, scoreRows } from "../scoring/stream";
import { GroupedRewards, RankedRewards } from "./auroc";
import { bootstrapInterval } from "./intervals";
import { localization } from "./localization";
import { type LabeledCompletion, Observations } from "./observations";
import { pairAccuracy } from "./pair-accuracy";
import { partialAuroc } from "./partial";
import { quantiles } from "./quantiles";

export interface EvaluateOptions extends Omit<ScoreOptions, "wantsTokens"> {
  readonly localization: LocalizationOptions;
  readonly bootstrap: Bootstrap;
  /** Name of the dataset in messages. */
  readonly place: string;
  /** Called from time to time with the number of scored completions. */
  readonly onProgress: (completions: number) => void;
  /** Called for each row that is skipped. */
  readonly onBadRow: (row: BadRow) => Promise<void>;
}

const twentieths = Array.from({ length: 21 }, (_, i) => i / 20);

/** Throws InputError if the dataset has nothing to measure, or the signal's reason if it is aborted. */
export async function evaluate(
  model: RewardModel,
  rows: AsyncIterable<DatasetRow | BadRow>,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const seen = new Observations(options.goals.names);
  const pending = new Map<number, DatasetRow>();
  let badRows = 0;
  for await (const scored of scoreRows(model, kept(rows, pending), { ...options, wantsTokens: true })) {
    for (const row of scored) {
      const source = pending.get(row.row);
      pending.delete(row.row);
      if ("problem" in row) {
        badRows++;
        await options.onBadRow(row);
      } else if (source) seen.add(source, row);
    }
    options.onProgress(seen.completions);
  }
  if (seen.rows === 0) throw new InputError(options.place, "has no row that can be scored");
  const evaluation = measure(seen, badRows, options);
  if (evaluation.pairs || evaluation.labels || evaluation.localization) return evaluation;
  throw lack(options.place, seen);
}

/** Keeps each row until it is scored, because scores do not repeat its labels and steps. */
async function* kept(
  rows: AsyncIterable<DatasetRow | BadRow>,
  pending: Map<number, DatasetRow>,
): AsyncGenerator<DatasetRow | BadRow> {
  for await (const row of rows) {
    if (!("problem" in row)) pending.set(row.row, row);
    yield row;
  }
}

/** Computes all metrics from the observations. */
export function measure(
  seen: Observations,
  badRows: number,
  { localization: rule, bootstrap }: Pick<EvaluateOptions, "localization" | "bootstrap">,
): Evaluation {
  const { rows, completions, prompts, withoutReward, pairs, labeled } = seen;
  const judged = [...seen.stepwise].filter(([, solutions]) => solutions.length > 0);
  const found = judged.map(([goal, solutions]) => [goal, localization(solutions, rule)] as const);
  return {
    rows,
    badRows,
    completions,
    prompts,
    withoutReward,
    rewardQuantiles: quantiles(seen.rewards, twentieths),
    ...(pairs.length > 0 ? { pairs: measurePairs(seen, bootstrap) } : {}),
    ...(labeled.length > 0 ? { labels: measureLabels(labeled, prompts, bootstrap) } : {}),
    ...(found.length > 0 ? { localization: Object.fromEntries(found) } : {}),
    settings: { localization: rule, bootstrap },
  };
}

function measurePairs({ pairs, prompts }: Observations, bootstrap: Bootstrap): PairEvaluation {
  const measured = measurer(prompts, bootstrap);
  return {
    pairs: pairs.length,
    accuracy: measured((weights) => pairAccuracy(pairs, weights)?.accuracy),
    margin: measured((weights) => pairAccuracy(pairs, weights)?.margin),
  };
}

function measureLabels(
  labeled: readonly LabeledCompletion[],
  prompts: number,
  bootstrap: Bootstrap,
): LabelEvaluation {
  const measured = measurer(prompts, bootstrap);
  const ranked = new RankedRewards(labeled);
  const inGroups = labeled.flatMap((one) => (one.group === undefined ? [] : [{ ...one, group: one.group }]));
  const grouped = new GroupedRewards(inGroups);
  const { groups } = grouped.auroc(once(prompts));
  const right = labeled.filter(({ label }) => label).length;
  return {
    right,
    wrong: labeled.length - right,
    auroc: measured((weights) => ranked.auroc(weights)),
    ...(inGroups.length > 0
      ? { withinGroups: { ...measured((weights) => grouped.auroc(weights).auroc), groups } }
      : {}),
    partial: partialAuroc(
      labeled.flatMap(({ label, partial }) => (partial ? [{ label, rewards: partial }] : [])),
    ),
  };
}

function measurer(
  prompts: number,
  bootstrap: Bootstrap,
): (statistic: (weights: Uint32Array) => number | undefined) => Measured {
  return (statistic) => ({
    value: statistic(once(prompts)),
    interval: bootstrapInterval(prompts, statistic, bootstrap),
  });
}

function once(prompts: number): Uint32Array {
  return new Uint32Array(prompts).fill(1);
}

function lack(place: string, seen: Observations): InputError {
  const hasGoal = seen.stepwise.size > 0;
  if (seen.withoutReward === seen.completions && !hasGoal)
    return new InputError(place, "gave no reward that is finite, so there is nothing to measure");
  const needs =
    "rows need `chosen` and `rejected`, a label of correct or incorrect, or steps with the first incorrect one";
  const goals = hasGoal ? "" : "; steps also need a goal state, which this model does not have";
  return new InputError(place, `has nothing to measure a model by: ${needs}${goals}`, {
    code: "nothing-to-measure",
    data: { hasGoal },
  });
}
