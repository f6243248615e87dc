/** Accesses the rows of a document by index. */
import type { DocumentRows } from "../../editor/documents/document-rows";
import type { BadRegion, Region } from "../../editor/documents/regions/region";

export class RowOrder {
  #lines: readonly number[] = [];
  #version = -1;

  constructor(private readonly rows: Pick<DocumentRows, "kind" | "document" | "between">) {}

  get count(): number {
    return this.rows.kind === "json-lines" ? this.#filled().length : this.#regions().length;
  }

  /** Index, from 0, of the last row that begins at or before an offset. */
  indexAt(offset: number): number {
    if (this.rows.kind !== "json-lines") {
      const after = this.#regions().findIndex(({ start }) => start > offset);
      return Math.max(0, (after < 0 ? this.#regions().length : after) - 1);
    }
    const { line } = this.rows.document.positionAt(offset);
    const after = this.#filled().findIndex((filled) => filled > line);
    return Math.max(0, (after < 0 ? this.#filled().length : after) - 1);
  }

  /** The row with an index; undefined if there is none. */
  row(index: number): Region | BadRegion | undefined {
    if (this.rows.kind !== "json-lines") return this.#regions()[index];
    const line = this.#filled()[index];
    return line === undefined ? undefined : this.rows.between(line, line)[0];
  }

  #regions(): readonly (Region | BadRegion)[] {
    return this.rows.between(0, this.rows.document.lineCount - 1);
  }

  /** Numbers of the lines that are not blank, found once per version of the document. */
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
