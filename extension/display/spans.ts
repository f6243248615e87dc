import { isLow, type Scale } from "./metric";
import type { Unit } from "./units";

/** Low units without another between them. Offsets are UTF-16 units of the completion's text. */
export interface LowSpan {
  readonly start: number;
  readonly end: number;
  readonly firstToken: number;
  readonly lastToken: number;
  readonly lowest: number;
}

export function lowSpans(units: readonly Unit[], scale: Scale): LowSpan[] {
  const runs: LowSpan[] = [];
  let goesOn = false;
  for (const { start, end, firstToken, lastToken, value } of units) {
    const last = runs.at(-1);
    if (value === undefined || !isLow(scale, value)) {
      goesOn = false;
    } else if (goesOn && last) {
      runs[runs.length - 1] = { ...last, end, lastToken, lowest: Math.min(last.lowest, value) };
    } else {
      runs.push({ start, end, firstToken, lastToken, lowest: value });
      goesOn = true;
    }
  }
  return runs;
}

/** Index of the first token id that differs; undefined if both are the same, or one has no tokens. */
export function divergence(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  const shared = Math.min(a.length, b.length);
  let i = 0;
  while (i < shared && a[i] === b[i]) i++;
  return shared === 0 || (i === a.length && i === b.length) ? undefined : i;
}
