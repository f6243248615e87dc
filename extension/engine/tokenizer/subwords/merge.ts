/** BPE merging in O(n log n): merges the pair with the lowest rank first, and the leftmost among equals. */
import type { WordToken } from "./subword-model";

export interface Merges {
  /** Returns the index of a pair in the list of merges, or undefined if the pair does not merge. */
  rank(left: number, right: number): number | undefined;
  /** Returns the id of the token that the merge with this rank produces. */
  result(rank: number): number;
}

export function mergeSymbols(symbols: readonly WordToken[], merges: Merges): readonly WordToken[] {
  const { length } = symbols;
  if (length < 2) return symbols;
  const ids = Int32Array.from(symbols, ({ id }) => id);
  // Symbols form a linked list: a merged symbol keeps its left half's place, and the right half's place is removed.
  const next = Int32Array.from({ length }, (_, i) => i + 1);
  const previous = Int32Array.from({ length }, (_, i) => i - 1);
  const isGone = new Uint8Array(length);
  const queue = new MinHeap();
  const offer = (place: number): void => {
    const right = next[place] ?? length;
    if (place < 0 || right >= length) return;
    const rank = merges.rank(ids[place] ?? 0, ids[right] ?? 0);
    // Rank and place are packed into one number, so the lowest rank comes first, then the leftmost place.
    if (rank !== undefined) queue.push(rank * placeLimit + place);
  };
  for (let place = 0; place < length; place++) offer(place);

  for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
    const place = top % placeLimit;
    const rank = (top - place) / placeLimit;
    const right = next[place] ?? length;
    // The pair may have changed since it was offered.
    if (isGone[place] === 1 || right >= length) continue;
    if (merges.rank(ids[place] ?? 0, ids[right] ?? 0) !== rank) continue;
    ids[place] = merges.result(rank);
    isGone[right] = 1;
    const after = next[right] ?? length;
    next[place] = after;
    if (after < length) previous[after] = place;
    offer(previous[place] ?? -1);
    offer(place);
  }

  const tokens: WordToken[] = [];
  for (let place = 0; place < length; ) {
    const after = next[place] ?? length;
    const start = symbols[place]?.start ?? 0;
    tokens.push({ id: ids[place] ?? 0, start, end: symbols[after - 1]?.end ?? start });
    place = after;
  }
  return tokens;
}

/** Exceeds the number of symbols in any string, and its product with a rank stays below 2^53. */
const placeLimit = 2 ** 30;

/** A binary heap of numbers with the lowest at the top. */
class MinHeap {
  private readonly items: number[] = [];

  push(item: number): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] ?? 0;
      if (above <= item) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const { items } = this;
    const top = items[0];
    const item = items.pop();
    if (item === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if ((items[child + 1] ?? Infinity) < (items[child] ?? Infinity)) child++;
      const below = items[child] ?? Infinity;
      if (below >= item) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
    return top;
  }
}
