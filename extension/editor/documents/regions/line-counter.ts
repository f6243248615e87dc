/** Finds the line numbers of ascending offsets. */
export class LineCounter {
  #line = 1;
  #newline: number;

  constructor(private readonly text: string) {
    this.#newline = this.#next(0);
  }

  /** Returns the 1-based line of an offset, which must not be before the previous one. */
  lineAt(offset: number): number {
    while (this.#newline < offset) {
      this.#line++;
      this.#newline = this.#next(this.#newline + 1);
    }
    return this.#line;
  }

  #next(from: number): number {
    const newline = this.text.indexOf("\n", from);
    return newline < 0 ? Infinity : newline;
  }
}
