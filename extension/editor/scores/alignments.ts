/** Where completions' tokens are in a document. Pure. */
import { type Alignment, alignCompletion } from "../documents/regions/align";
import type { PlacedCompletion } from "../documents/regions/region";

interface Known {
  readonly text: string;
  readonly alignment: Alignment;
}

/**
 * Alignments of completions as they are placed, each found once. They depend on the layout of the region, as an indent
 * moves what follows it; scores do not, so that they cannot be kept with them.
 */
export class Alignments {
  readonly #known = new WeakMap<PlacedCompletion, Known>();

  /** text: the completion as the engine scored it */
  of(placed: PlacedCompletion, text: string): Alignment {
    const known = this.#known.get(placed);
    if (known?.text === text) return known.alignment;
    const alignment = alignCompletion(placed, text);
    this.#known.set(placed, { text, alignment });
    return alignment;
  }
}
