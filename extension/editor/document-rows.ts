/** The rows of a document as it stands now. Of JSON Lines only the lines that are asked for are read. */

import { basename } from "node:path";
import type * as vscode from "vscode";
import { documentKind, regionOfLine, regionsOf } from "./regions/documents";
import type { BadRegion, DocumentKind, OffsetRange, Region } from "./regions/region";

/** Lines whose reading is remembered. */
const rememberedLines = 4000;
/** JSON is one value: past this many characters it is not read again at every change. */
export const longestJson = 20e6;

export class DocumentRows {
  readonly kind: DocumentKind;
  readonly #lines = new Map<string, Region | BadRegion | undefined>();
  #whole: { readonly version: number; readonly regions: readonly (Region | BadRegion)[] } | undefined;
  #marked: readonly OffsetRange[] | undefined;

  constructor(readonly document: vscode.TextDocument) {
    this.kind = documentKind(document.fileName, document.languageId, document.getText(startOf(document)));
  }

  /** Completions that were marked by hand; undefined: they are found. Only text has them. */
  get marked(): readonly OffsetRange[] | undefined {
    return this.#marked;
  }

  mark(ranges: readonly OffsetRange[] | undefined): void {
    this.#marked = ranges;
    this.#whole = undefined;
  }

  /** Rows that have a line in [from, to], in order. */
  between(from: number, to: number): (Region | BadRegion)[] {
    if (this.kind === "json-lines") return this.#ofLines(from, to);
    const { document } = this;
    const start = document.offsetAt(document.lineAt(Math.max(0, from)).range.start);
    const end = document.offsetAt(document.lineAt(Math.min(to, document.lineCount - 1)).range.end);
    return this.#all().filter((region) => region.start <= end && region.end >= start);
  }

  get isPaged(): boolean {
    return this.kind === "json-lines";
  }

  #ofLines(from: number, to: number): (Region | BadRegion)[] {
    const { document } = this;
    const found: (Region | BadRegion)[] = [];
    for (let line = Math.max(0, from); line <= Math.min(to, document.lineCount - 1); line++) {
      const { text, range } = document.lineAt(line);
      const region = this.#ofLine(text, line);
      if (!region) continue;
      const start = document.offsetAt(range.start);
      found.push({ ...region, start, end: start + region.end - region.start });
    }
    return found;
  }

  /** Keyed by the line's text: lines that move keep their reading, all but their place. */
  #ofLine(text: string, line: number): Region | BadRegion | undefined {
    const place = `${basename(this.document.fileName)}:${line + 1}`;
    if (this.#lines.has(text)) {
      const known = this.#lines.get(text);
      return known && "row" in known ? { ...known, row: { ...known.row, row: line, place } } : known;
    }
    const region = regionOfLine(text, line, place);
    this.#lines.set(text, region);
    for (const oldest of this.#lines.keys()) {
      if (this.#lines.size <= rememberedLines) break;
      this.#lines.delete(oldest);
    }
    return region;
  }

  #all(): readonly (Region | BadRegion)[] {
    const { document } = this;
    if (this.#whole?.version !== document.version) {
      const regions = regionsOf(this.kind, document.getText(), basename(document.fileName), {
        marked: this.#marked,
        asMessages: false,
      });
      this.#whole = { version: document.version, regions };
    }
    return this.#whole.regions;
  }
}

function startOf(document: vscode.TextDocument): vscode.Range {
  const last = document.lineAt(Math.min(document.lineCount - 1, 400));
  return document.validateRange(last.range.with(document.positionAt(0)));
}
