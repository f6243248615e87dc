/** Warns of skipped rows one by one; after the first few, they are only counted. */
import type { BadRow } from "../../engine/data/rows/row";
import { withAdvice } from "./error-wording";
import type { Terminal } from "./terminal/terminal";

const mostWarnings = 20;

export class BadRowWarnings {
  #count = 0;

  constructor(private readonly terminal: Terminal) {}

  tell({ place, problem, detail }: BadRow): void {
    this.#count++;
    if (this.#count <= mostWarnings)
      this.terminal.warn(`${place}: ${withAdvice(problem, detail)} (row skipped)`);
    if (this.#count === mostWarnings) this.terminal.warn("further bad rows are counted but not listed");
  }
}
