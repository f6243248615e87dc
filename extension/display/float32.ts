/** Float32 numbers with as few digits as possible. */

/** Every decimal with this many digits survives a float32 of full precision, so shorter ones need not be tried. */
const keptDigits = 6;
/** Enough digits to distinguish any two float32 numbers. */
const mostDigits = 9;
/** The smallest float32 of full precision. */
const smallestNormal = 2 ** -126;

/**
 * The number with the fewest decimal digits that rounds to this float32: 0.1 for the float32 nearest to 0.1, which is
 * 0.10000000149011612 as a double. `Math.fround` restores the float32, bit for bit.
 * @param value a float32 number
 */
export function shortestFloat32(value: number): number {
  if (value === 0) return value;
  for (let digits = Math.abs(value) < smallestNormal ? 1 : keptDigits; digits < mostDigits; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(mostDigits));
}

/** The same for a score that may be missing. NaN becomes null, as in JSON. */
export function shortestOrNull(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? shortestFloat32(value) : null;
}
