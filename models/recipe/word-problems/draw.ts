/** Draws from a sequence of random numbers in [0,1). */

/** Throws where there is nothing to pick from: a fault of the caller. */
export function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("there is nothing to pick from");
  return item;
}

/** One item, as likely as its weight says. */
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

/** A copy in random order (Fisher-Yates). */
export function shuffled<T>(random: () => number, items: readonly T[]): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
}
