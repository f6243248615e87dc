/** In which order pairs are trained on, and how a step's pairs are cut into runs. */
import { planBatches } from "../../scoring/batches";
import { drawsFor, shuffled } from "../random-draws";
import type { PackedPair } from "./packed-pair";

/** Batches among which pairs of like length are put together: less padding, and still a random order. */
const pool = 16;

/** Every pair once, in batches; the last one may be smaller. The same for a seed and epoch. */
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

/** Steps of an epoch. */
export function stepsPerEpoch(pairs: number, batchSize: number): number {
  return Math.ceil(pairs / batchSize);
}

/**
 * A step's pairs as runs of at most `maxTokens` with padding. Pairs with a sequence beyond `boundary` (where LongRoPE
 * changes its frequencies) run apart from the others.
 */
export function runsOf(
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
