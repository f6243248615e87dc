/** Seeded random numbers, so that a resumed run draws exactly what an uninterrupted one would. */
import { createHash } from "node:crypto";
import { randomSequence } from "../random";

/**
 * Uniform numbers in [0,1) for one purpose of a run, such as ("order", epoch) or ("states", step). Checkpoints need not
 * store the state of a generator.
 */
export function drawsFor(seed: number, purpose: string, index: number): () => number {
  return randomSequence(createHash("sha256").update(`${seed} ${purpose} ${index}`).digest().readInt32LE());
}

/** Maps a text to a number in [0,1), always the same one for a seed. */
export function shareOf(seed: number, text: string): number {
  return createHash("sha256").update(`${seed} ${text}`).digest().readUInt32LE() / 2 ** 32;
}

/** Draws from N(0,1) with the Box-Muller transform. */
export function normalNumber(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Returns the items in random order (Fisher-Yates shuffle). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
