/** A line of a terminal that is redrawn in place, below what was written for good. */

/** Enough for the eye; more would only slow a run of short steps. */
const leastMilliseconds = 100;

export interface Screen {
  readonly columns?: number;
  write(text: string): unknown;
}

export class LiveLine {
  #text = "";
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly screen: Screen,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Shows a text in place of the last one, unless that is too new. */
  show(text: string): void {
    this.#text = text;
    if (this.now() - this.#drawn >= leastMilliseconds) this.#draw();
  }

  /** Takes the line away while something is written for good. */
  around(write: () => void): void {
    this.screen.write(erase);
    write();
    this.#draw();
  }

  end(): void {
    if (this.#text !== "") this.screen.write(erase);
    this.#text = "";
  }

  #draw(): void {
    this.#drawn = this.now();
    // A text that fills the last column would wrap, and the next redrawing leave a piece of it.
    const { columns = 80 } = this.screen;
    this.screen.write(erase + this.#text.slice(0, columns - 1));
  }
}

const erase = "\r\x1b[2K";
