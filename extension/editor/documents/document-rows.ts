/** The rows of a document in its current state. Only the requested lines of JSON Lines documents are read. */
import { basename } from "node:path";
import type * as vscode from "vscode";
import { readAddress } from "./part-address";
import { isBlankLine, regionOfLine, regionsOf } from "./regions/documents";
import { type FieldChoice, noFields } from "./regions/field-choice";
import { isEmptyJson } from "./regions/json/json-document";
import { documentKind, namedKind, tableDelimiter } from "./regions/kind";
import { movedMarks, type TextChange } from "./regions/marks";
import type { BadRegion, DocumentKind, OffsetRange, Region } from "./regions/region";
import { isEmptyTable, TableDocument } from "./regions/table/table-document";
import { Remembered } from "./remembered";

/** Characters of the lines whose rows are cached; a row takes several times as much memory. */
const rememberedCharacters = 8e6;
/** Limits of the document's beginning from which its kind is detected. */
const tellingLines = 400;
const tellingCharacters = 200_000;

interface Whole {
  readonly version: number;
  readonly kind: DocumentKind;
  readonly asMessages: boolean;
  readonly fields: FieldChoice;
  /** Returns the rows that have a character in [start, end], in order. */
  readonly between: (start: number, end: number) => readonly (Region | BadRegion)[];
}

export class DocumentRows {
  /** Name of the file, for messages. */
  readonly #name: string;
  /** Lines of the file before the document: the rows of a part keep their line numbers in the whole file. */
  readonly #linesBefore: number;
  readonly #lines = new Remembered<Region | BadRegion | undefined>(rememberedCharacters);
  #linesFields: FieldChoice = noFields;
  #kind: { readonly version: number; readonly kind: DocumentKind; readonly isNamed: boolean } | undefined;
  #whole: Whole | undefined;
  #marked: readonly OffsetRange[] | undefined;

  /**
   * @param hasTemplate whether the model has a chat template, so that a Markdown chat becomes messages
   * @param fields the fields that the user named; returns the same object until they change
   */
  constructor(
    readonly document: vscode.TextDocument,
    private readonly hasTemplate: () => boolean = () => false,
    private readonly fields: () => FieldChoice = () => noFields,
  ) {
    const part = readAddress(document.uri);
    this.#name = basename(part?.path ?? document.fileName);
    this.#linesBefore = part?.line ?? 0;
  }

  /** Text may become a chat or rows while it is being written; a file named like a dataset stays one. */
  get kind(): DocumentKind {
    const { document } = this;
    const { version } = document;
    const known = this.#kind;
    if (known && (known.isNamed || known.version === version)) return known.kind;
    const text = document.getText(startOf(document));
    const named = namedKind(document, text);
    const kind = named ?? documentKind(document, text, known?.kind);
    this.#kind = { version, kind, isNamed: named !== undefined };
    return kind;
  }

  /** Completions marked by hand; undefined if completions are detected. Only text documents have marks. */
  get marked(): readonly OffsetRange[] | undefined {
    return this.#marked;
  }

  mark(ranges: readonly OffsetRange[] | undefined): void {
    this.#marked = ranges;
    this.#whole = undefined;
  }

  /** Moves the marks along with their text after an edit. */
  edited(changes: readonly TextChange[]): void {
    if (this.#marked) this.mark(movedMarks(this.#marked, changes));
  }

  /** Returns the same row as read for a model with or without a chat template. */
  forModel(region: Region, hasTemplate: boolean): Region {
    if (region.taken === undefined || region.taken === "marked") return region;
    const same = this.#regions(this.kind, hasTemplate).find(({ start }) => start === region.start);
    return same && "row" in same ? same : region;
  }

  /** Returns the rows that have a line in [from, to], in order. */
  between(from: number, to: number): (Region | BadRegion)[] {
    if (this.kind === "json-lines") return this.#ofLines(from, to);
    const { document } = this;
    const start = document.offsetAt(document.lineAt(Math.max(0, from)).range.start);
    const end = document.offsetAt(document.lineAt(Math.min(to, document.lineCount - 1)).range.end);
    return [...this.#all().between(start, end)];
  }

  /** Whether there is no row, neither readable nor unreadable. Stops at the first row. */
  get isEmpty(): boolean {
    const { document, kind } = this;
    if (kind === "json-lines") {
      for (let line = 0; line < document.lineCount; line++)
        if (!isBlankLine(document.lineAt(line).text)) return false;
      return true;
    }
    const text = document.getText();
    if (kind === "json") return isEmptyJson(text);
    if (kind === "table") return isEmptyTable(text, tableDelimiter(document, text));
    return this.#all().between(0, text.length).length === 0;
  }

  /** Whether rows can be read without reading the whole document. */
  get isPaged(): boolean {
    return this.kind === "json-lines";
  }

  #ofLines(from: number, to: number): (Region | BadRegion)[] {
    const { document } = this;
    const fields = this.fields();
    if (fields !== this.#linesFields) this.#lines.clear();
    this.#linesFields = fields;
    const found: (Region | BadRegion)[] = [];
    for (let line = Math.max(0, from); line <= Math.min(to, document.lineCount - 1); line++) {
      const { text, range } = document.lineAt(line);
      const region = this.#ofLine(text, line, fields);
      if (!region) continue;
      const start = document.offsetAt(range.start);
      found.push({ ...region, start, end: start + region.end - region.start });
    }
    return found;
  }

  /** Cached by the line's text, so that a line that moves is not read again; only its place is updated. */
  #ofLine(text: string, lineInDocument: number, fields: FieldChoice): Region | BadRegion | undefined {
    const line = this.#linesBefore + lineInDocument;
    const place = `${this.#name}:${line + 1}`;
    const region = this.#lines.get(text, () => regionOfLine(text, line, place, fields));
    return region && "row" in region ? { ...region, row: { ...region.row, row: line, place } } : region;
  }

  #all(): Whole {
    const { version } = this.document;
    const { kind } = this;
    const [asMessages, fields] = [this.hasTemplate(), this.fields()];
    const known = this.#whole;
    const isSame = known?.version === version && known.kind === kind && known.fields === fields;
    if (known && isSame && known.asMessages === asMessages) return known;
    this.#whole = { version, kind, asMessages, fields, between: this.#betweenOf(kind, asMessages) };
    return this.#whole;
  }

  #betweenOf(kind: DocumentKind, asMessages: boolean): Whole["between"] {
    if (kind === "table") {
      const text = this.document.getText();
      const delimiter = tableDelimiter(this.document, text);
      const table = new TableDocument(text, delimiter, this.#name, this.fields());
      return (start, end) => table.between(start, end);
    }
    const regions = this.#regions(kind, asMessages);
    return (from, to) => regions.filter(({ start, end }) => start <= to && end >= from);
  }

  #regions(kind: DocumentKind, asMessages: boolean): readonly (Region | BadRegion)[] {
    const options = { marked: this.#marked, asMessages, fields: this.fields() };
    return regionsOf(kind, this.document.getText(), this.#name, options);
  }
}

function startOf(document: vscode.TextDocument): vscode.Range {
  const { range } = document.lineAt(Math.min(document.lineCount, tellingLines) - 1);
  const end = Math.min(document.offsetAt(range.end), tellingCharacters);
  return range.with(document.positionAt(0), document.positionAt(end));
}
