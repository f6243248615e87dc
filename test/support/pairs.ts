/** Preference pairs of invented tokens, for tests of training. */
import fc from "fast-check";
import type { Pair, Sequence } from "../../extension/engine/training/pairs/packed-pair";

export function sequence(ids: readonly number[], firstToken: number): Sequence {
  return { ids: Int32Array.from(ids), firstToken, rewardToken: ids.length - 1 };
}

/** Makes a prompt with two completions and margin 0. */
export function pairOf(
  prompt: readonly number[],
  chosen: readonly number[],
  rejected: readonly number[],
): Pair {
  const side = (completion: readonly number[]): Sequence =>
    sequence([...prompt, ...completion], prompt.length);
  return { chosen: side(chosen), rejected: side(rejected), margin: 0 };
}

/** Uses few different tokens, so that completions often share a prefix; they differ and have at least one token. */
export const anyPair: fc.Arbitrary<Pair> = fc
  .record({
    prompt: tokens(0, 5),
    shared: tokens(0, 4),
    chosen: tokens(1, 9),
    rejected: tokens(1, 9),
  })
  .filter(({ prompt, shared }) => prompt.length + shared.length > 0)
  .map(({ prompt, shared, chosen, rejected }) =>
    pairOf(prompt, [...shared, ...chosen], [...shared, ...rejected]),
  )
  .filter(({ chosen, rejected }) => `${chosen.ids}` !== `${rejected.ids}`);

function tokens(minLength: number, maxLength: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 2, max: 4 }), { minLength, maxLength });
}
