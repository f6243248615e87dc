/** Work that many events ask for, done once for all of them. */
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
