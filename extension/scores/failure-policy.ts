/** What to do when scoring fails: report it once, and stop asking an engine that crashes. */

export interface FailureOptions {
  /** Whether asking again would fail in the same way. */
  readonly isFatal: (error: unknown) => boolean;
  /** @param isAsked whether the user asked for this work, and must be told even of a known failure */
  readonly tell: (error: unknown, isAsked: boolean) => void;
}

export class FailurePolicy {
  #isGivenUp = false;
  #last: unknown;
  #asking = 0;

  constructor(private readonly options: FailureOptions) {}

  /** Whether nothing may be requested until the user acts. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** The user ran the model, edited, or chose another model, so another attempt may succeed. */
  acted(): void {
    this.#isGivenUp = false;
  }

  /** Does work that the user waits for. While it runs, every failure is reported as asked for. */
  async asked(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    this.#asking++;
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    } finally {
      this.#asking--;
    }
  }

  /** Several callers may wait for one request and receive the same error; it is reported once. */
  failed(error: unknown): void {
    this.#isGivenUp ||= this.options.isFatal(error);
    if (error === this.#last) return;
    this.#last = error;
    this.options.tell(error, this.#asking > 0);
  }
}
