/**
 * Quantiles with linear interpolation, as NumPy's method `linear`
 * (https://numpy.org/doc/stable/reference/generated/numpy.quantile.html).
 *
 * @param values numbers without NaN
 * @param shares fractions in [0,1]
 * @returns one quantile per share, or an empty list if there are no values
 */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return [];
  return shares.map((share) => {
    const position = share * (sorted.length - 1);
    const below = sorted[Math.floor(position)] ?? 0;
    const above = sorted[Math.ceil(position)] ?? 0;
    return below + (above - below) * (position - Math.floor(position));
  });
}
