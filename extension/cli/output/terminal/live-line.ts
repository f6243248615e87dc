/** A terminal line that is redrawn in place, below permanent output. */

/** Redrawing more often would only slow down a run with short steps. */
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

  /** Replaces the text. The screen is redrawn unless that was done too recently. */
  show(text: string): void {
    this.#text = text;
    if (this.now() - this.#drawn >= leastMilliseconds) this.#draw();
  }

  /** Clears the line while permanent output is written, then draws it again. */
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
    // Text that fills the last column would wrap, and the next redraw would leave part of it on the screen.
    const { columns = 80 } = this.screen;
    this.screen.write(erase + this.#text.slice(0, columns - 1));
  }
}

const erase = "\r\x1b[2K";
