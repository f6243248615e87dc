import { isLow, type Scale } from "./metric";
import type { Unit } from "./units";

/** Consecutive low units. Offsets are UTF-16 units of the completion's text. */
export interface LowSpan {
  readonly start: number;
  readonly end: number;
  readonly firstToken: number;
  readonly lastToken: number;
  readonly lowest: number;
}

export function lowSpans(units: readonly Unit[], scale: Scale): LowSpan[] {
  const spans: LowSpan[] = [];
  let continues = false;
  for (const { start, end, firstToken, lastToken, value } of units) {
    const last = spans.at(-1);
    if (value === undefined || !isLow(scale, value)) {
      continues = false;
    } else if (continues && last) {
      spans[spans.length - 1] = { ...last, end, lastToken, lowest: Math.min(last.lowest, value) };
    } else {
      spans.push({ start, end, firstToken, lastToken, lowest: value });
      continues = true;
    }
  }
  return spans;
}

/** Index of the first token id that differs; undefined if both are the same, or one has no tokens. */
export function divergence(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  const shared = Math.min(a.length, b.length);
  let i = 0;
  while (i < shared && a[i] === b[i]) i++;
  return shared === 0 || (i === a.length && i === b.length) ? undefined : i;
}
