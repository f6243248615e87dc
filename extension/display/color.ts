/** Buckets of color: a diverging scale around the threshold, red low and blue high, as in the paper's figure 4. */
import { positionOn, type Scale } from "./metric";

/** Ten below the threshold, one at it, ten above. */
export const buckets = 21;
export const middle = 10;

/** 0: lowest, 20: highest. Below the threshold never the middle: low tokens must show. */
export function bucketOf(scale: Scale, value: number): number {
  const position = positionOn(scale, value);
  return position < 0 ? middle - Math.ceil(-position * middle) : middle + Math.round(position * middle);
}

/** How strong a bucket's color is, in [0,1]; 0 in the middle. */
export function strengthOf(bucket: number): number {
  return Math.abs(bucket - middle) / middle;
}
