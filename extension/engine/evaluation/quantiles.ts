/**
 * Values below which a share of the numbers lies, between two of them by a straight line: numpy's `linear`
 * (https://numpy.org/doc/stable/reference/generated/numpy.quantile.html).
 * shares: in [0,1]. The values must be numbers; of none there are no quantiles.
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
