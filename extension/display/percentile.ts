/**
 * Share of a model's completions that have a lower reward, in [0,1], by linear interpolation between the known
 * percentiles; undefined if there are none.
 * @param quantiles value i is the (i·5)th percentile
 */
export function percentileOf(reward: number, quantiles: readonly number[] | undefined): number | undefined {
  const last = (quantiles?.length ?? 0) - 1;
  const lowest = quantiles?.[0];
  if (!quantiles || lowest === undefined || last < 1) return undefined;
  if (reward <= lowest) return 0;
  const above = quantiles.findIndex((value) => value > reward);
  if (above < 0) return 1;
  const [low, high] = [quantiles[above - 1] ?? lowest, quantiles[above] ?? lowest];
  return (above - 1 + (reward - low) / (high - low)) / last;
}
