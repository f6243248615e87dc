/** Finds the places of completions' tokens in a document. Pure. */
import { type Alignment, alignCompletion } from "../documents/regions/align";
import type { PlacedCompletion } from "../documents/regions/region";

interface Known {
  readonly text: string;
  readonly alignment: Alignment;
}

/**
 * Alignments of placed completions, each computed once. They cannot be kept with the scores: an indent moves the text
 * of a region, and its scores stay the same.
 */
export class Alignments {
  readonly #known = new WeakMap<PlacedCompletion, Known>();

  /** @param text the completion as the engine scored it */
  of(placed: PlacedCompletion, text: string): Alignment {
    const known = this.#known.get(placed);
    if (known?.text === text) return known.alignment;
    const alignment = alignCompletion(placed, text);
    this.#known.set(placed, { text, alignment });
    return alignment;
  }
}
