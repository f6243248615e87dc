/** Float32 numbers as people and files read them. */

/** Digits that any float32 number of full precision keeps, so that a shorter decimal is found among these. */
const keptDigits = 6;
/** Digits that tell any two float32 numbers apart. */
const mostDigits = 9;
/** The smallest float32 of full precision. */
const smallestNormal = 2 ** -126;

/**
 * The number with the fewest decimal digits that is the same float32: 0.1 for the float32 nearest to 0.1, which as a
 * double is 0.10000000149011612. `Math.fround` gives the float32 back, bit for bit.
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

/** The same for a score that may be missing. NaN is null, as JSON has it. */
export function shortestOrNull(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? shortestFloat32(value) : null;
}
