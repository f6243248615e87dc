/** Packs a preference pair into one row of a batch, so that the tokens both sequences start with are computed once. */

/** A prompt and its completion as token ids. */
export interface Sequence {
  readonly ids: Int32Array;
  /** Index in ids of the first token of the completion. */
  readonly firstToken: number;
  /** Index in ids of the token whose reward is used, by the rule of the model that training writes. */
  readonly rewardToken: number;
}

export interface Pair {
  readonly chosen: Sequence;
  readonly rejected: Sequence;
  /** By how much the chosen reward should exceed the rejected one; 0 if the data does not say. */
  readonly margin: number;
}

/** Branch numbers of a row, as `architecture/lowering/trainable` uses them. */
export const branch = { trunk: 0, chosen: 1, rejected: 2, padding: 3 } as const;

/**
 * A row: the trunk, the rest of the chosen sequence, then the rest of the rejected one. Token t of the chosen sequence
 * is at index t; for the rejected sequence, see `rejectedPlace`.
 */
export interface PackedPair {
  readonly pair: Pair;
  /** Number of tokens that both sequences start with. Each sequence has at least one more. */
  readonly trunk: number;
  /** Number of tokens in the row. */
  readonly length: number;
}

/** @param withRejected false for the language-model objective, whose rows hold the chosen sequence only */
export function packPair(pair: Pair, withRejected: boolean): PackedPair {
  const { chosen, rejected } = pair;
  if (!withRejected) return { pair, trunk: chosen.ids.length, length: chosen.ids.length };
  const most = Math.min(chosen.ids.length, rejected.ids.length) - 1;
  let trunk = 0;
  while (trunk < most && chosen.ids[trunk] === rejected.ids[trunk]) trunk++;
  return { pair, trunk, length: chosen.ids.length + rejected.ids.length - trunk };
}

/** Index in the row of token t of the rejected sequence. */
export function rejectedPlace({ pair, trunk }: PackedPair, t: number): number {
  return t < trunk ? t : pair.chosen.ids.length - trunk + t;
}

/**
 * Pairs the tokens of the chosen and the rejected sequence at the same distance after the trunk, up to the reward
 * tokens, as indices in the row. The last token of the shorter side is paired with all further tokens of the longer
 * one.
 */
export function partedTokens(packed: PackedPair): [chosen: number, rejected: number][] {
  const { pair, trunk } = packed;
  const [chosen, rejected] = [pair.chosen.rewardToken + 1, pair.rejected.rewardToken + 1];
  return Array.from({ length: Math.max(chosen, rejected) - trunk }, (_, i) => [
    Math.min(trunk + i, chosen - 1),
    rejectedPlace(packed, Math.min(trunk + i, rejected - 1)),
  ]);
}

/** Writes the row, padded on the right to `width`, into the batch's tensors from index `at` on. */
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
