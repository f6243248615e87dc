/** Orders the pairs of an epoch, and splits a step's pairs into micro-batches. */
import { planBatches } from "../../scoring/batches";
import { drawsFor, shuffled } from "../random-draws";
import type { PackedPair } from "./packed-pair";

/** Number of batches whose pairs are sorted by length together: less padding, and the order stays random. */
const pool = 16;

/** Returns every pair once, in batches. One of them may be smaller. A seed and epoch always give the same order. */
export function epochBatches(
  pairs: readonly PackedPair[],
  batchSize: number,
  seed: number,
  epoch: number,
): PackedPair[][] {
  const random = drawsFor(seed, "order", epoch);
  const order = shuffled(pairs, random);
  const batches: PackedPair[][] = [];
  for (let start = 0; start < order.length; start += pool * batchSize) {
    const pooled = order.slice(start, start + pool * batchSize).sort((a, b) => a.length - b.length);
    const cut: PackedPair[][] = [];
    for (let i = 0; i < pooled.length; i += batchSize) cut.push(pooled.slice(i, i + batchSize));
    batches.push(...shuffled(cut, random));
  }
  return batches;
}

/** Number of steps per epoch. */
export function stepsPerEpoch(pairs: number, batchSize: number): number {
  return Math.ceil(pairs / batchSize);
}

/**
 * Splits a step's pairs into micro-batches of at most `maxTokens` tokens, padding included; a longer pair gets one of
 * its own. Pairs with a sequence longer than `boundary`, beyond which LongRoPE uses other frequencies, are kept apart
 * from the others.
 */
export function microBatches(
  rows: readonly PackedPair[],
  maxTokens: number,
  boundary = Number.POSITIVE_INFINITY,
): PackedPair[][] {
  const isLong = ({ pair }: PackedPair): boolean =>
    Math.max(pair.chosen.ids.length, pair.rejected.ids.length) > boundary;
  return [rows.filter((row) => !isLong(row)), rows.filter(isLong)].flatMap((side) => {
    const lengths = side.map(({ length }) => length);
    return planBatches(lengths, { maxTokens, boundary: Number.POSITIVE_INFINITY }).map((batch) =>
      batch.map((i) => side[i]).filter((row) => row !== undefined),
    );
  });
}
