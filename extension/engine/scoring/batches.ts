/** Groups sequences of similar length into batches of roughly equal work. */
export interface BatchLimits {
  /** Maximum number of tokens per batch, padding included; a longer sequence gets its own batch. */
  readonly maxTokens: number;
  /** Sequences up to this length never share a batch with longer ones (LongRoPE changes its frequencies there). */
  readonly boundary: number;
}

/** Returns batches of indices into `lengths`, longest first, so that later batches reuse the memory of the first. */
export function planBatches(lengths: readonly number[], { maxTokens, boundary }: BatchLimits): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const i of order) {
    const length = lengths[i] ?? 0;
    const isOver = (batch.length + 1) * longest > maxTokens;
    if (batch.length === 0 || isOver || longest > boundary !== length > boundary) {
      batch = [];
      batches.push(batch);
      longest = length;
    }
    batch.push(i);
  }
  return batches;
}
