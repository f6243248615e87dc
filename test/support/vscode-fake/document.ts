/** A fake text document and text editor. */
import { Position, Range, Selection, type Uri } from "./values";

export class FakeDocument {
  version = 1;
  isClosed = false;
  #text: string;

  constructor(
    readonly uri: Uri,
    text: string,
    readonly languageId: string,
  ) {
    this.#text = text;
  }

  get fileName(): string {
    return this.uri.fsPath;
  }

  get lineCount(): number {
    return this.#text.split("\n").length;
  }

  /** Replaces the whole text. */
  write(text: string): void {
    this.#text = text;
    this.version++;
  }

  getText(range?: Range): string {
    if (!range) return this.#text;
    return this.#text.slice(this.offsetAt(range.start), this.offsetAt(range.end));
  }

  lineAt(at: number | Position): { text: string; range: Range; isEmptyOrWhitespace: boolean } {
    const line = typeof at === "number" ? at : at.line;
    const text = this.#text.split("\n")[line] ?? "";
    return { text, range: new Range(line, 0, line, text.length), isEmptyOrWhitespace: text.trim() === "" };
  }

  offsetAt({ line, character }: Position): number {
    const lines = this.#text.split("\n").slice(0, line);
    return Math.min(this.#text.length, lines.reduce((sum, { length }) => sum + length + 1, 0) + character);
  }

  positionAt(offset: number): Position {
    const before = this.#text.slice(0, offset).split("\n");
    return new Position(before.length - 1, before.at(-1)?.length ?? 0);
  }
}

export class FakeEditor {
  selection = new Selection(0, 0, 0, 0);
  viewColumn: number | undefined = 1;
  /** Ranges that were revealed, oldest first. */
  readonly revealed: Range[] = [];
  /** Decorated ranges by decoration type. */
  readonly decorations = new Map<unknown, readonly unknown[]>();

  #scrolled: Range | undefined;

  constructor(readonly document: FakeDocument) {}

  /** All lines until the editor is scrolled. */
  get visibleRanges(): Range[] {
    return [this.#scrolled ?? new Range(0, 0, this.document.lineCount - 1, 0)];
  }

  scrollTo(from: number, to: number): void {
    this.#scrolled = new Range(from, 0, to, 0);
  }

  /** Moves the cursor to an offset of the text. */
  moveTo(offset: number): void {
    const at = this.document.positionAt(offset);
    this.selection = new Selection(at, at);
  }

  revealRange(range: Range): void {
    this.revealed.push(range);
  }

  setDecorations(type: unknown, ranges: readonly unknown[]): void {
    this.decorations.set(type, ranges);
  }
}
