/** Tells of rows that were passed over: one by one while they are few, then no more. */
import type { BadRow } from "../../engine/data/rows/row";
import { withAdvice } from "./error-wording";
import type { Terminal } from "./terminal";

const mostWarnings = 20;

export class BadRowWarnings {
  #count = 0;

  constructor(private readonly terminal: Terminal) {}

  tell({ place, problem, detail }: BadRow): void {
    this.#count++;
    if (this.#count <= mostWarnings)
      this.terminal.warn(`${place}: ${withAdvice(problem, detail)} (row passed over)`);
    if (this.#count === mostWarnings) this.terminal.warn("further bad rows are only counted");
  }
}
