/** Seeded draws that training repeats exactly, whatever it was interrupted by. */
import { createHash } from "node:crypto";
import { randomSequence } from "../random";

/** Numbers for one purpose of a run, as ("order", epoch) or ("states", step): nothing else need be remembered. */
export function drawsFor(seed: number, purpose: string, index: number): () => number {
  return randomSequence(createHash("sha256").update(`${seed} ${purpose} ${index}`).digest().readInt32LE());
}

/** A number in [0,1) that a text always gets. */
export function shareOf(seed: number, text: string): number {
  return createHash("sha256").update(`${seed} ${text}`).digest().readUInt32LE() / 2 ** 32;
}

/** N(0,1), by Box and Muller. */
export function normalNumber(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The items in random order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
