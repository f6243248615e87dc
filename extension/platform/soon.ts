/** Does work once for all the events that ask for it within a delay. */
export class Soon {
  #timer: NodeJS.Timeout | undefined;

  /** @param delay milliseconds from the first event to the work */
  constructor(
    private readonly delay: number,
    private readonly work: () => void,
  ) {}

  ask(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.work();
    }, this.delay);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
