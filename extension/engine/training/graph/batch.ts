/** Turns packed pairs into the input tensors of a training graph. */
import { type PackedPair, partedTokens, rejectedPlace, writeRow } from "../pairs/packed-pair";
import type { SampledStates } from "../pairs/state-sampling";
import { inputNames } from "./training-graph";

export interface IntegerTensor {
  readonly data: BigInt64Array;
  readonly shape: readonly number[];
}

export interface FloatTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export interface Batch {
  readonly rows: readonly PackedPair[];
  /** Length of the longest row in tokens, T. */
  readonly width: number;
  /** Length of the longest sequence in tokens, which selects LongRoPE's frequencies. */
  readonly longest: number;
  readonly integers: Readonly<Record<string, IntegerTensor>>;
  readonly floats: Readonly<Record<string, FloatTensor>>;
}

/** Length of the longest row in tokens. */
export function widthOf(rows: readonly PackedPair[]): number {
  return Math.max(...rows.map(({ length }) => length));
}

/** @param states indices into the flattened batch, or undefined if there is no contrastive loss */
export function makeBatch(rows: readonly PackedPair[], states: SampledStates | undefined): Batch {
  const width = widthOf(rows);
  const size = rows.length * width;
  const ids = new BigInt64Array(size);
  const positions = new BigInt64Array(size);
  const branches = new BigInt64Array(size);
  const last: number[] = [];
  const ranked: number[] = [];
  const rankedMargins: number[] = [];
  const rankedWeights: number[] = [];
  const lmStates: number[] = [];
  const lmTargets: number[] = [];
  rows.forEach((row, b) => {
    const { chosen, rejected } = row.pair;
    const start = b * width;
    writeRow(row, start, width, ids, positions, branches);
    last.push(start + chosen.rewardToken, start + rejectedPlace(row, rejected.rewardToken));
    const parted = partedTokens(row);
    for (const [chosenPlace, rejectedAt] of parted) {
      ranked.push(start + chosenPlace, start + rejectedAt);
      rankedMargins.push(row.pair.margin);
      rankedWeights.push(1 / (parted.length * rows.length));
    }
    // The first token of a sequence has no state before it to be predicted from.
    for (let t = Math.max(1, chosen.firstToken); t < chosen.ids.length; t++) {
      lmStates.push(start + t - 1);
      lmTargets.push(chosen.ids[t] ?? 0);
    }
  });
  const square = [rows.length, width];
  return {
    rows,
    width,
    longest: Math.max(...rows.flatMap(({ pair }) => [pair.chosen.ids.length, pair.rejected.ids.length])),
    floats: {
      [inputNames.margins]: column(rows.map(({ pair }) => pair.margin)),
      [inputNames.rankedMargins]: column(rankedMargins),
      [inputNames.rankedWeights]: column(rankedWeights),
    },
    integers: {
      [inputNames.ids]: { data: ids, shape: square },
      [inputNames.positions]: { data: positions, shape: square },
      [inputNames.branches]: { data: branches, shape: square },
      [inputNames.last]: list(last, [rows.length, 2]),
      [inputNames.ranked]: list(ranked, [ranked.length / 2, 2]),
      [inputNames.lmStates]: list(lmStates),
      [inputNames.lmTargets]: list(lmTargets, [lmTargets.length, 1]),
      ...(states && {
        [inputNames.positiveSources]: list(states.positive.sources),
        [inputNames.positiveGoals]: list(states.positive.goals),
        [inputNames.negativeSources]: list(states.negative.sources),
        [inputNames.negativeGoals]: list(states.negative.goals),
      }),
    },
  };
}

function column(values: readonly number[]): FloatTensor {
  return { data: Float32Array.from(values), shape: [values.length, 1] };
}

function list(values: readonly number[], shape: readonly number[] = [values.length]): IntegerTensor {
  return { data: BigInt64Array.from(values, BigInt), shape };
}
