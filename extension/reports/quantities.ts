/** Numbers as people read them. */

export function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

/** Three digits, as 1.24 million; all of them below a million. */
export function rounded(n: number): string {
  if (n < 1e6) return n.toLocaleString("en");
  return n < 1e9 ? `${(n / 1e6).toPrecision(3)} million` : `${(n / 1e9).toPrecision(3)} billion`;
}

export function bytes(n: number): string {
  return n >= 1e9 ? `${(n / 1e9).toFixed(1)} GB` : `${Math.ceil(n / 1e6)} MB`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Losses and margins. */
export function decimal(value: number): string {
  return value.toFixed(3);
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
