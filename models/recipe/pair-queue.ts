/** Counts the pairs of neighboring tokens in the words of a corpus, and updates the counts as pairs are merged. */
import TinyQueue from "tinyqueue";

export interface CountedWord {
  /** Token ids of the word. */
  readonly ids: number[];
  /** How often the word occurs. */
  readonly count: number;
}

/** A pair in the queue. */
export interface QueuedPair {
  /** Both ids in one number, so that keys are ordered by left id, then right id. */
  readonly key: number;
  /** Count when the pair was queued; it may have changed since. */
  readonly count: number;
  /** Indexes of words that contain the pair, ascending; some may no longer contain it. */
  readonly words: readonly number[];
}

/** Above all ids; its square is still an exact integer. */
const idLimit = 2 ** 26;

export const leftOf = (key: number): number => Math.floor(key / idLimit);
export const rightOf = (key: number): number => key % idLimit;

export class PairQueue {
  private readonly words: readonly CountedWord[];
  private readonly counts = new Map<number, number>();
  /** Words by pair, for pairs found since the queue was last filled. */
  private readonly found = new Map<number, number[]>();
  private readonly queue = new TinyQueue<QueuedPair>([], (a, b) => b.count - a.count || a.key - b.key);

  /** @param words their ids are modified by every merge */
  constructor(words: Iterable<CountedWord>) {
    this.words = [...words];
    this.words.forEach(({ ids, count }, word) => {
      for (let i = 1; i < ids.length; i++) this.change(ids[i - 1] ?? 0, ids[i] ?? 0, count, word);
    });
    this.fillQueue();
  }

  /**
   * Removes the most frequent pair from the queue; of equally frequent pairs, the one with the lowest ids.
   * @returns undefined if all pairs are rarer than `minimumCount`
   */
  takeMostFrequent(minimumCount: number): QueuedPair | undefined {
    for (let top = this.queue.pop(); top; top = this.queue.pop()) {
      const count = this.counts.get(top.key) ?? 0;
      if (count === top.count) return count >= Math.max(minimumCount, 1) ? top : undefined;
      this.queue.push({ ...top, count });
    }
    return undefined;
  }

  /** Replaces every occurrence of the pair by one token. */
  merge({ key, words }: QueuedPair, id: number): void {
    for (const word of words) this.mergeWithin(word, leftOf(key), rightOf(key), id);
    this.fillQueue();
  }

  /** Does not update the count of the pair itself, because a merged pair never occurs again. */
  private mergeWithin(word: number, left: number, right: number, id: number): void {
    const { ids = [], count = 0 } = this.words[word] ?? {};
    let length = 0;
    for (let i = 0; i < ids.length; length++) {
      const isPair = ids[i] === left && ids[i + 1] === right;
      const [before, after] = [ids[length - 1], ids[i + 2]];
      if (isPair && before !== undefined) {
        this.change(before, left, -count, word);
        this.change(before, id, count, word);
      }
      if (isPair && after !== undefined) {
        this.change(right, after, -count, word);
        this.change(id, after, count, word);
      }
      ids[length] = isPair ? id : (ids[i] ?? 0);
      i += isPair ? 2 : 1;
    }
    ids.length = length;
  }

  private change(left: number, right: number, by: number, word: number): void {
    const key = left * idLimit + right;
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
    if (by < 0) return;
    const words = this.found.get(key);
    if (!words) this.found.set(key, [word]);
    else if (words.at(-1) !== word) words.push(word);
  }

  private fillQueue(): void {
    for (const [key, words] of this.found) {
      const count = this.counts.get(key) ?? 0;
      if (count > 0) this.queue.push({ key, count, words });
    }
    this.found.clear();
  }
}
