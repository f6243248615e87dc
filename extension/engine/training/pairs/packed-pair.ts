/** A preference pair as one row of a batch: what both completions share is held, and computed, once. */

/** A prompt with a completion, as token ids. */
export interface Sequence {
  readonly ids: Int32Array;
  /** Index in ids of the first token of the completion. */
  readonly firstToken: number;
  /** Index in ids of the token that the reward is read at, by the rule of the model that is written. */
  readonly rewardToken: number;
}

export interface Pair {
  readonly chosen: Sequence;
  readonly rejected: Sequence;
  /** By how much the chosen reward should be the higher one; 0 where the data does not say. */
  readonly margin: number;
}

/** Branches of a row, as `architecture/trainable` counts them. */
export const branch = { trunk: 0, chosen: 1, rejected: 2, padding: 3 } as const;

/**
 * Trunk, rest of the chosen sequence, rest of the rejected one. Token t of the chosen sequence stands at t; of the
 * rejected one at t within the trunk, else behind the chosen sequence.
 */
export interface PackedPair {
  readonly pair: Pair;
  /** Tokens both sequences start with. Each has at least one more. */
  readonly trunk: number;
  /** Tokens of the row. */
  readonly length: number;
}

/** Language-model rows have no rejected side. */
export function packPair(pair: Pair, withRejected: boolean): PackedPair {
  const { chosen, rejected } = pair;
  if (!withRejected) return { pair, trunk: chosen.ids.length, length: chosen.ids.length };
  const most = Math.min(chosen.ids.length, rejected.ids.length) - 1;
  let trunk = 0;
  while (trunk < most && chosen.ids[trunk] === rejected.ids[trunk]) trunk++;
  return { pair, trunk, length: chosen.ids.length + rejected.ids.length - trunk };
}

/** Where token t of the rejected sequence stands in the row. */
export function rejectedPlace({ pair, trunk }: PackedPair, t: number): number {
  return t < trunk ? t : pair.chosen.ids.length - trunk + t;
}

/**
 * Tokens of the chosen and the rejected sequence that are at the same distance after the trunk, by their places in the
 * row, up to the tokens that rewards are read at. The last one of the shorter side meets all that the longer one has
 * beyond it.
 */
export function partedTokens(packed: PackedPair): [chosen: number, rejected: number][] {
  const { pair, trunk } = packed;
  const [chosen, rejected] = [pair.chosen.rewardToken + 1, pair.rejected.rewardToken + 1];
  return Array.from({ length: Math.max(chosen, rejected) - trunk }, (_, i) => [
    Math.min(trunk + i, chosen - 1),
    rejectedPlace(packed, Math.min(trunk + i, rejected - 1)),
  ]);
}

/** The row, padded on the right to `width`, written at `at` of tensors that hold the batch. */
export function writeRow(
  packed: PackedPair,
  at: number,
  width: number,
  ids: BigInt64Array,
  positions: BigInt64Array,
  branches: BigInt64Array,
): void {
  const { pair, trunk, length } = packed;
  const { chosen, rejected } = pair;
  for (let i = 0; i < width; i++) {
    const isRejected = i >= chosen.ids.length;
    const t = isRejected ? i - chosen.ids.length + trunk : i;
    const isPadding = i >= length;
    ids[at + i] = BigInt(isPadding ? 0 : ((isRejected ? rejected : chosen).ids[t] ?? 0));
    positions[at + i] = BigInt(isPadding ? 0 : t);
    branches[at + i] = BigInt(
      isPadding ? branch.padding : i < trunk ? branch.trunk : isRejected ? branch.rejected : branch.chosen,
    );
  }
}
