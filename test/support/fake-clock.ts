import type { Clock } from "../../extension/scores/scheduler";

/** A clock that the test advances. */
export class FakeClock implements Clock {
  #now = 0;
  /** Milliseconds by which calls come early, as timers do against a clock of higher resolution. */
  early = 0;
  #calls: { readonly at: number; readonly work: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delay: number, work: () => void): () => void {
    const call = { at: this.#now + Math.max(0, delay - this.early), work };
    this.#calls.push(call);
    return () => {
      this.#calls = this.#calls.filter((each) => each !== call);
    };
  }

  /** Advances the clock, makes the calls that are due in order, and flushes promises. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#calls.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#calls = this.#calls.filter((call) => call !== next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Resolves after all pending promise callbacks have run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
