/** What to do when scoring fails: tell of it once, and leave an engine alone that dies of what it is asked. */

export interface FailureOptions {
  /** Whether the engine will fail again however often it is asked. */
  readonly isFatal: (error: unknown) => boolean;
  /** isAsked: the user asked for it just now, and must hear of it even if it is no news. */
  readonly tell: (error: unknown, isAsked: boolean) => void;
}

export class FailurePolicy {
  #isGivenUp = false;
  #last: unknown;
  #asking = 0;

  constructor(private readonly options: FailureOptions) {}

  /** Nothing is to be asked until the user acts. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** The user ran the model, edited, or chose another model: it may be worth another try. */
  acted(): void {
    this.#isGivenUp = false;
  }

  /** Work that the user waits for: a failure is one that was asked for, whoever hears of it first. */
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

  /** Several may wait for one request, and each hears the same error; it is told once. */
  failed(error: unknown): void {
    this.#isGivenUp ||= this.options.isFatal(error);
    if (error === this.#last) return;
    this.#last = error;
    this.options.tell(error, this.#asking > 0);
  }
}
