/** The rows of a document in order, for going through them. */
import type { DocumentRows } from "../../editor/documents/document-rows";
import type { BadRegion, Region } from "../../editor/documents/regions/region";

export class RowOrder {
  #lines: readonly number[] = [];
  #version = -1;

  constructor(private readonly rows: Pick<DocumentRows, "kind" | "document" | "between">) {}

  get count(): number {
    return this.rows.kind === "json-lines" ? this.#filled().length : this.#regions().length;
  }

  /** Of the row that begins at or before an offset, from 0. */
  indexAt(offset: number): number {
    if (this.rows.kind !== "json-lines") {
      const after = this.#regions().findIndex(({ start }) => start > offset);
      return Math.max(0, (after < 0 ? this.#regions().length : after) - 1);
    }
    const { line } = this.rows.document.positionAt(offset);
    const after = this.#filled().findIndex((filled) => filled > line);
    return Math.max(0, (after < 0 ? this.#filled().length : after) - 1);
  }

  /** undefined: there is no such row. */
  row(index: number): Region | BadRegion | undefined {
    if (this.rows.kind !== "json-lines") return this.#regions()[index];
    const line = this.#filled()[index];
    return line === undefined ? undefined : this.rows.between(line, line)[0];
  }

  #regions(): readonly (Region | BadRegion)[] {
    return this.rows.between(0, this.rows.document.lineCount - 1);
  }

  /** Lines that are not blank; found once a version. */
  #filled(): readonly number[] {
    const { document } = this.rows;
    if (this.#version !== document.version) {
      this.#version = document.version;
      const lines: number[] = [];
      for (let line = 0; line < document.lineCount; line++) {
        if (!document.lineAt(line).isEmptyOrWhitespace) lines.push(line);
      }
      this.#lines = lines;
    }
    return this.#lines;
  }
}
