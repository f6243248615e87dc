/** A fake of VS Code's documents, editors and events, which the test controls. */
export class Emitter<T> {
  readonly #listeners = new Set<(event: T) => void>();
  readonly event = (listener: (event: T) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}

  with(start: Position, end: Position): Range {
    return new Range(start, end);
  }
}

export class CancellationError extends Error {}

/** A text file. */
export class FakeDocument {
  version = 1;
  isClosed = false;

  constructor(
    readonly fileName: string,
    public lines: readonly string[],
    public languageId = "jsonl",
  ) {}

  get uri() {
    return { scheme: "file", path: this.fileName, query: "", toString: () => `file://${this.fileName}` };
  }

  get lineCount(): number {
    return this.lines.length;
  }

  getText(range?: Range): string {
    const text = this.lines.join("\n");
    return range ? text.slice(this.offsetAt(range.start), this.offsetAt(range.end)) : text;
  }

  lineAt(line: number) {
    const text = this.lines[line] ?? "";
    return { text, range: new Range(new Position(line, 0), new Position(line, text.length)) };
  }

  offsetAt({ line, character }: Position): number {
    return this.lines.slice(0, line).reduce((total, text) => total + text.length + 1, 0) + character;
  }

  positionAt(offset: number): Position {
    const before = this.getText().slice(0, offset).split("\n");
    return new Position(before.length - 1, before.at(-1)?.length ?? 0);
  }
}

interface FakeEditor {
  readonly document: FakeDocument;
  visibleRanges: readonly Range[];
}

/** The module for `vi.mock("vscode")`, and methods that simulate the user. */
export class FakeVscode {
  readonly edited = new Emitter<{ document: FakeDocument; contentChanges: readonly unknown[] }>();
  readonly closed = new Emitter<FakeDocument>();
  readonly opened = new Emitter<FakeDocument>();
  readonly renamed = new Emitter<{ files: readonly { oldUri: unknown; newUri: unknown }[] }>();
  readonly scrolled = new Emitter<{ textEditor: FakeEditor }>();
  readonly shown = new Emitter<readonly FakeEditor[]>();
  readonly documents: FakeDocument[] = [];
  editors: FakeEditor[] = [];

  /** Opens a document in an editor with these lines visible. */
  show(document: FakeDocument, from: number, to: number): FakeEditor {
    const editor = { document, visibleRanges: [new Range(new Position(from, 0), new Position(to, 0))] };
    if (!this.documents.includes(document)) this.documents.push(document);
    this.editors.push(editor);
    this.opened.fire(document);
    this.shown.fire(this.editors);
    return editor;
  }

  scroll(editor: FakeEditor, from: number, to: number): void {
    editor.visibleRanges = [new Range(new Position(from, 0), new Position(to, 0))];
    this.scrolled.fire({ textEditor: editor });
  }

  edit(document: FakeDocument, line: number, text: string): void {
    const start = document.offsetAt(new Position(line, 0));
    const rangeLength = document.lines[line]?.length ?? 0;
    document.lines = document.lines.map((old, i) => (i === line ? text : old));
    document.version++;
    this.edited.fire({ document, contentChanges: [{ rangeOffset: start, rangeLength, text }] });
  }

  /** Closes a document, as VS Code does if its language changes or it is renamed. */
  close(document: FakeDocument): void {
    document.isClosed = true;
    this.documents.splice(this.documents.indexOf(document), 1);
    this.editors = this.editors.filter((editor) => editor.document !== document);
    this.closed.fire(document);
  }

  api() {
    const fake = this;
    return {
      EventEmitter: Emitter,
      Position,
      Range,
      CancellationError,
      workspace: {
        onDidChangeTextDocument: fake.edited.event,
        onDidCloseTextDocument: fake.closed.event,
        onDidOpenTextDocument: fake.opened.event,
        onDidRenameFiles: fake.renamed.event,
        onDidChangeConfiguration: new Emitter<unknown>().event,
        get textDocuments() {
          return fake.documents;
        },
        getConfiguration: () => ({ get: () => undefined }),
      },
      window: {
        onDidChangeTextEditorVisibleRanges: fake.scrolled.event,
        onDidChangeVisibleTextEditors: fake.shown.event,
        get visibleTextEditors() {
          return fake.editors;
        },
      },
    };
  }
}
