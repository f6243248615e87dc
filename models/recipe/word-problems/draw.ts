/** Random choices, made with a sequence of random numbers in [0,1). */

/** Picks one item uniformly. @throws if `items` is empty, which is a bug in the caller */
export function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("there are no items to pick from");
  return item;
}

/** Picks one item with a probability proportional to its weight. */
export function pickWeighted<T extends { readonly weight: number }>(
  random: () => number,
  items: readonly T[],
): T {
  let left = random() * items.reduce((sum, { weight }) => sum + weight, 0);
  const found = items.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return found ?? pick(random, items);
}

/** Returns a copy in random order (Fisher-Yates). */
export function shuffled<T>(random: () => number, items: readonly T[]): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
}
