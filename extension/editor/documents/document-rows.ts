/** The rows of a document as it stands now. Of JSON Lines only the lines that are asked for are read. */

import { basename } from "node:path";
import type * as vscode from "vscode";
import { readAddress } from "./part-address";
import { documentKind, regionOfLine, regionsOf } from "./regions/documents";
import { type Change, movedMarks } from "./regions/marks";
import type { BadRegion, DocumentKind, OffsetRange, Region } from "./regions/region";

/** Lines whose reading is remembered. */
const rememberedLines = 4000;
/** By which the kind of a document is told. */
const tellingLines = 400;
const tellingCharacters = 200_000;
/** JSON is one value: past this many characters it is not read again at every change. */
export const longestJson = 20e6;

interface WholeDocument {
  readonly version: number;
  readonly asMessages: boolean;
  readonly regions: readonly (Region | BadRegion)[];
}

export class DocumentRows {
  /** Of the file, for messages. */
  readonly #name: string;
  /** Lines of the file in front of the document: rows of a part are named as in the whole. */
  readonly #linesBefore: number;
  readonly #lines = new Map<string, Region | BadRegion | undefined>();
  #kind: { readonly version: number; readonly kind: DocumentKind } | undefined;
  #whole: WholeDocument | undefined;
  #marked: readonly OffsetRange[] | undefined;

  /** @param hasTemplate whether the model has a chat template, so that a Markdown chat becomes messages */
  constructor(
    readonly document: vscode.TextDocument,
    private readonly hasTemplate: () => boolean = () => false,
  ) {
    const part = readAddress(document.uri);
    this.#name = basename(part?.path ?? document.fileName);
    this.#linesBefore = part?.line ?? 0;
  }

  /** Text may become a chat as it is written; JSON stays JSON. */
  get kind(): DocumentKind {
    const { document } = this;
    const isJson = this.#kind?.kind === "json" || this.#kind?.kind === "json-lines";
    if (!this.#kind || (this.#kind.version !== document.version && !isJson)) {
      const { fileName, languageId, version } = document;
      const kind = documentKind(fileName, languageId, document.getText(startOf(document)));
      this.#kind = { version, kind };
    }
    return this.#kind.kind;
  }

  /** Completions that were marked by hand; undefined: they are found. Only text has them. */
  get marked(): readonly OffsetRange[] | undefined {
    return this.#marked;
  }

  mark(ranges: readonly OffsetRange[] | undefined): void {
    this.#marked = ranges;
    this.#whole = undefined;
  }

  /** The document was edited: marks keep to their text. */
  edited(changes: readonly Change[]): void {
    if (this.#marked) this.mark(movedMarks(this.#marked, changes));
  }

  /** The same row for a model that has a chat template, or has none. */
  forModel(region: Region, hasTemplate: boolean): Region {
    if (region.taken === undefined || region.taken === "marked") return region;
    const same = this.#read(hasTemplate).find(({ start }) => start === region.start);
    return same && "row" in same ? same : region;
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
  #ofLine(text: string, lineInDocument: number): Region | BadRegion | undefined {
    const line = this.#linesBefore + lineInDocument;
    const place = `${this.#name}:${line + 1}`;
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
    const { version } = this.document;
    const asMessages = this.hasTemplate();
    const known = this.#whole;
    if (known && known.version === version && known.asMessages === asMessages) return known.regions;
    const regions = this.#read(asMessages);
    this.#whole = { version, asMessages, regions };
    return regions;
  }

  #read(asMessages: boolean): readonly (Region | BadRegion)[] {
    const { document } = this;
    const options = { marked: this.#marked, asMessages };
    return regionsOf(this.kind, document.getText(), this.#name, options);
  }
}

function startOf(document: vscode.TextDocument): vscode.Range {
  const { range } = document.lineAt(Math.min(document.lineCount, tellingLines) - 1);
  const end = Math.min(document.offsetAt(range.end), tellingCharacters);
  return range.with(document.positionAt(0), document.positionAt(end));
}
