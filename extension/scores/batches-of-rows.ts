/** Which rows are asked for together. */

/** Rows of one request: few, so that the first colors come soon. */
const rowsAtOnce = 16;
/** Characters from which on a row is asked for alone, after the others: taking megabytes apart takes seconds. */
const longRow = 200_000;

/** In their order, except for long rows, which come last. */
export function batchesOf<R extends { readonly characters: number }>(rows: readonly R[]): (readonly R[])[] {
  const isLong = ({ characters }: R): boolean => characters >= longRow;
  const short = rows.filter((row) => !isLong(row));
  const batches: (readonly R[])[] = [];
  for (let at = 0; at < short.length; at += rowsAtOnce) batches.push(short.slice(at, at + rowsAtOnce));
  return [...batches, ...rows.filter(isLong).map((row) => [row])];
}
