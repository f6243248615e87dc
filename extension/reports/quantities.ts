/** Numbers as people read them. */

/** Three significant digits from a million up (`1.24 million`), every digit below. */
export function rounded(n: number): string {
  if (n < 1e6) return n.toLocaleString("en");
  return n < 1e9 ? `${(n / 1e6).toPrecision(3)} million` : `${(n / 1e9).toPrecision(3)} billion`;
}

/** Decimal units: `1.2 GB`, or whole megabytes, rounded up. */
export function bytes(n: number): string {
  return n >= 1e9 ? `${(n / 1e9).toFixed(1)} GB` : `${Math.ceil(n / 1e6)} MB`;
}

/** One decimal: `57.0%`. */
export function precisePercent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** Three decimals, for losses, margins and rewards in reports. */
export function thousandths(value: number): string {
  return value.toFixed(3);
}

/** @param seconds rounded to whole seconds, minutes, or hours and minutes */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
