/** Draws the pairs of hidden states that the contrastive loss compares. The paper calls this SGS sampling. */
import type { LossSettings, Window } from "../../../protocol/train-settings";
import { type PackedPair, rejectedPlace, type Sequence } from "./packed-pair";

/** Pairs of source and goal states, as indices into the flattened batch: token t of row b has index b·T + t. */
export interface StatePairs {
  readonly sources: number[];
  readonly goals: number[];
}

export interface SampledStates {
  /** Both states are from chosen completions. In the same completion, the goal comes after the source. */
  readonly positive: StatePairs;
  /** The source is from a chosen completion, the goal from a rejected one. */
  readonly negative: StatePairs;
}

/**
 * Draws `settings.samples` positive and negative pairs per row; with `allPairs`, every source of a row is paired with
 * each of its goals. States come from completions only.
 *
 * @param width tokens per row with padding, T
 */
export function sampleStates(
  rows: readonly PackedPair[],
  width: number,
  settings: LossSettings,
  random: () => number,
): SampledStates {
  const positive: StatePairs = { sources: [], goals: [] };
  const negative: StatePairs = { sources: [], goals: [] };
  rows.forEach((row, b) => {
    const other = settings.goal === "random" ? anotherRow(rows.length, b, random) : b;
    const goalRow = rows[other] ?? row;
    const drawn = Array.from({ length: settings.samples }, () => orderedPair(row, settings, random));
    add(positive, settings, {
      sources: drawn.map(({ source }) => b * width + source),
      goals:
        other === b
          ? drawn.map(({ goal }) => b * width + goal)
          : drawn.map(() => other * width + drawFrom(goalRow.pair.chosen, settings.goalWindow, random)),
    });
    add(negative, settings, {
      sources: drawn.map(() => b * width + drawFrom(row.pair.chosen, settings.sourceWindow, random)),
      goals: drawn.map(() => other * width + rejectedGoal(goalRow, settings, random)),
    });
  });
  return { positive, negative };
}

function add(pairs: StatePairs, { allPairs }: LossSettings, { sources, goals }: StatePairs): void {
  if (allPairs) {
    for (const source of sources) {
      for (const goal of goals) {
        pairs.sources.push(source);
        pairs.goals.push(goal);
      }
    }
  } else {
    pairs.sources.push(...sources);
    pairs.goals.push(...goals);
  }
}

/** Draws tokens source < goal of the chosen completion, uniformly from the ordered pairs that the windows allow. */
function orderedPair(
  { pair: { chosen } }: PackedPair,
  { sourceWindow, goalWindow }: LossSettings,
  random: () => number,
): { source: number; goal: number } {
  const [from, to] = span(chosen, sourceWindow);
  const [low, high] = span(chosen, goalWindow);
  const goalsAfter = (source: number): number => Math.max(0, high - Math.max(low, source + 1));
  let count = 0;
  for (let source = from; source < to; source++) count += goalsAfter(source);
  let left = uniform(0, count, random);
  for (let source = from; source < to; source++) {
    if (left < goalsAfter(source)) return { source, goal: high - 1 - left };
    left -= goalsAfter(source);
  }
  // The windows hold no ordered pair. Draw one token from each and swap them if needed. In a completion of one token,
  // source and goal are the same state, whose cosine is always 1 and has no gradient.
  const drawn = [sourceWindow, goalWindow].map((window) => drawFrom(chosen, window, random));
  return { source: Math.min(...drawn), goal: Math.max(...drawn) };
}

function rejectedGoal(row: PackedPair, settings: LossSettings, random: () => number): number {
  const { rejected } = row.pair;
  const [from, to] = span(rejected, settings.goalWindow);
  const first = settings.negatives === "after-divergence" ? Math.max(from, row.trunk) : from;
  const end = Math.max(first + 1, to);
  return rejectedPlace(row, Math.min(uniform(first, end, random), rejected.rewardToken));
}

function drawFrom(sequence: Sequence, window: Window, random: () => number): number {
  return uniform(...span(sequence, window), random);
}

/** Tokens [from, to) of a completion that lie in a window, at least one. The completion ends with its reward token. */
function span({ rewardToken, firstToken }: Sequence, [from, to]: Window): [number, number] {
  const length = rewardToken + 1 - firstToken;
  const first = Math.min(Math.floor(from * length), length - 1);
  return [firstToken + first, firstToken + Math.max(first + 1, Math.ceil(to * length))];
}

function uniform(from: number, to: number, random: () => number): number {
  return from + Math.floor(random() * (to - from));
}

function anotherRow(rows: number, own: number, random: () => number): number {
  if (rows < 2) return own;
  const drawn = uniform(0, rows - 1, random);
  return drawn < own ? drawn : drawn + 1;
}
