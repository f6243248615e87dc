/** A fake of VS Code's text document, and edits that change it. */
import type * as vscode from "vscode";

export interface Edit {
  /** UTF-16 offsets in the text before the edit. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface DocumentParts {
  readonly fileName?: string;
  readonly languageId?: string;
  readonly uri?: { readonly scheme: string; readonly path: string; readonly query: string };
}

interface Place {
  readonly line: number;
  readonly character: number;
}

export class EditedDocument {
  version = 1;
  readonly #undone: string[] = [];
  readonly #done: string[] = [];
  #text: string;
  #starts: readonly number[];

  constructor(
    text: string,
    private readonly parts: DocumentParts = {},
  ) {
    this.#text = text;
    this.#starts = startsIn(text);
  }

  get text(): string {
    return this.#text;
  }

  /** The members that reading rows needs. */
  get document(): vscode.TextDocument {
    const { fileName = "/data/rows.jsonl", languageId = "plaintext", uri } = this.parts;
    const own = this;
    const document = {
      uri: uri ?? { scheme: "file", path: fileName, query: "" },
      fileName,
      languageId,
      get version() {
        return own.version;
      },
      get lineCount() {
        return own.#starts.length;
      },
      getText: (range?: { readonly start: Place; readonly end: Place }) =>
        range ? own.#text.slice(own.#offsetAt(range.start), own.#offsetAt(range.end)) : own.#text,
      offsetAt: (place: Place) => own.#offsetAt(place),
      positionAt: (offset: number) => own.#placeAt(offset),
      lineAt: (line: number) => own.#lineAt(line),
    };
    return document as unknown as vscode.TextDocument;
  }

  /** Applies several edits at once, such as those of several cursors; they must not overlap. */
  edit(...edits: readonly Edit[]): void {
    this.#done.push(this.#text);
    this.#undone.length = 0;
    const ordered = [...edits].sort((a, b) => b.start - a.start);
    this.#set(
      ordered.reduce(
        (text, { start, end, text: own }) => text.slice(0, start) + own + text.slice(end),
        this.#text,
      ),
    );
  }

  /** Replaces the first occurrence of a text. */
  replace(found: string, text: string): void {
    const start = this.#text.indexOf(found);
    if (start < 0) throw new Error(`there is no ${JSON.stringify(found)}`);
    this.edit({ start, end: start + found.length, text });
  }

  rewrite(text: string): void {
    this.edit({ start: 0, end: this.#text.length, text });
  }

  undo(): void {
    const before = this.#done.pop();
    if (before === undefined) throw new Error("nothing to undo");
    this.#undone.push(this.#text);
    this.#set(before);
  }

  redo(): void {
    const after = this.#undone.pop();
    if (after === undefined) throw new Error("nothing to redo");
    this.#done.push(this.#text);
    this.#set(after);
  }

  #set(text: string): void {
    this.#text = text;
    this.#starts = startsIn(text);
    this.version++;
  }

  #offsetAt({ line, character }: Place): number {
    return (this.#starts[line] ?? this.#text.length) + character;
  }

  #placeAt(offset: number): Place {
    let line = this.#starts.length - 1;
    while (line > 0 && (this.#starts[line] ?? 0) > offset) line--;
    return { line, character: offset - (this.#starts[line] ?? 0) };
  }

  #lineAt(line: number): Pick<vscode.TextLine, "text" | "isEmptyOrWhitespace"> & { readonly range: unknown } {
    const start = this.#starts[line];
    if (start === undefined) throw new Error(`there is no line ${line}`);
    const next = this.#starts[line + 1] ?? this.#text.length + 1;
    const text = this.#text.slice(start, next - 1).replace(/\r$/, "");
    const place = (character: number): Place => ({ line, character });
    const range = {
      start: place(0),
      end: place(text.length),
      with: (from: Place, to: Place) => ({ start: from, end: to }),
    };
    return { text, isEmptyOrWhitespace: text.trim() === "", range };
  }
}

function startsIn(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
