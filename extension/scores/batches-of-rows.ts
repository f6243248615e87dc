/** Groups rows into requests. */

/** Most rows per request: few, so that the first colors appear soon. */
const rowsAtOnce = 16;
/** A row with at least this many characters is requested alone, after the others: tokenizing it takes seconds. */
const longRow = 200_000;

/** Rows keep their order, except that long ones come last. */
export function batchesOf<R extends { readonly characters: number }>(rows: readonly R[]): (readonly R[])[] {
  const isLong = ({ characters }: R): boolean => characters >= longRow;
  const short = rows.filter((row) => !isLong(row));
  const batches: (readonly R[])[] = [];
  for (let at = 0; at < short.length; at += rowsAtOnce) batches.push(short.slice(at, at + rowsAtOnce));
  return [...batches, ...rows.filter(isLong).map((row) => [row])];
}
