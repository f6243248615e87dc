/** Buckets of color: a diverging scale around the threshold, red low and blue high, as in the paper's figure 4. */
import { positionOn, type Scale } from "./metric";

/** Ten below the middle of the scale, one at it, ten above. */
export const buckets = 21;
export const middle = 10;

/** From 0, the lowest, to 20. A value below the middle of the scale never has its color, so low tokens are visible. */
export function bucketOf(scale: Scale, value: number): number {
  const position = positionOn(scale, value);
  return position < 0 ? middle - Math.ceil(-position * middle) : middle + Math.round(position * middle);
}

/** Strength of a bucket's color in [0,1]; 0 in the middle. */
export function strengthOf(bucket: number): number {
  return Math.abs(bucket - middle) / middle;
}
