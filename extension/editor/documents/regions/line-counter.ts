/** Counts lines as places are asked for, in ascending order. */
export class LineCounter {
  #line = 1;
  #newline: number;

  constructor(private readonly text: string) {
    this.#newline = this.#next(0);
  }

  /** 1-based. Offsets may only grow. */
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
