/** The shape of a batch, which is the same for every peer. */
export interface BatchShape {
  readonly rows: number;
  readonly length: number;
  /** If full, every row has `length` tokens; if padded, rows have at least half of that and the longest has all. */
  readonly fill: "full" | "padded";
}

export const batchShapes: readonly BatchShape[] = [
  { rows: 8, length: 256, fill: "full" },
  { rows: 8, length: 256, fill: "padded" },
  { rows: 1, length: 256, fill: "full" },
  { rows: 16, length: 128, fill: "padded" },
];

export function nameOf({ rows, length, fill }: BatchShape): string {
  return `${rows}×${length} ${fill}`;
}

/**
 * Chooses texts that make a batch of this shape.
 * @param lengths length of each text in tokens
 */
export function textsFor(
  { rows, length, fill }: BatchShape,
  texts: readonly string[],
  lengths: readonly number[],
): string[] {
  const long = texts.filter((_, i) => (lengths[i] ?? 0) >= length);
  const middling = texts.filter((_, i) => (lengths[i] ?? 0) >= length / 2 && (lengths[i] ?? 0) < length);
  const chosen =
    fill === "full" ? long.slice(0, rows) : [...long.slice(0, 1), ...middling.slice(0, rows - 1)];
  if (chosen.length < rows)
    throw new Error(`too few texts for ${rows} rows of ${length} tokens; specify a larger file with --data`);
  return chosen;
}
