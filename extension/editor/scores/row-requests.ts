/** Which rows are asked for together. Pure. */
import type { Region } from "../documents/regions/region";

/** Rows of one request: few, so that the first colors come soon. */
const rowsAtOnce = 16;
/** Characters from which on a row is asked for alone, behind the others: taking megabytes apart takes seconds. */
const longRow = 200_000;

/** In their order, but for long rows, which come last. */
export function requestsOf<R extends Pick<Region, "start" | "end">>(rows: readonly R[]): (readonly R[])[] {
  const isLong = ({ start, end }: R): boolean => end - start >= longRow;
  const short = rows.filter((row) => !isLong(row));
  const requests: (readonly R[])[] = [];
  for (let at = 0; at < short.length; at += rowsAtOnce) requests.push(short.slice(at, at + rowsAtOnce));
  return [...requests, ...rows.filter(isLong).map((row) => [row])];
}
