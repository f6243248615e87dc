/**
 * A fake of the parts of VS Code's API that the extension uses. Vitest resolves `import "vscode"` to it in unit tests.
 * It records calls for the test to inspect, and `fake` simulates the user.
 */
import { FakeDocument, FakeEditor } from "./vscode-fake/document";
import { forgetLanguages } from "./vscode-fake/languages";
import { CancellationTokenSource, Disposable, EventEmitter, type Uri } from "./vscode-fake/values";
import { FakeWebviewPanel } from "./vscode-fake/webview";

// biome-ignore lint/performance/noBarrelFile: it replaces one module, which exports all of these.
export { languages } from "./vscode-fake/languages";
export * from "./vscode-fake/values";

export const ViewColumn = { Active: -1, Beside: -2, One: 1, Two: 2 };
export const ProgressLocation = { Window: 10, Notification: 15 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const TextEditorRevealType = { InCenterIfOutsideViewport: 2 };
export const ColorThemeKind = { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 };
export const DecorationRangeBehavior = { ClosedClosed: 1 };
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const CodeActionKind = { QuickFix: "quickfix" };
export const QuickPickItemKind = { Separator: -1, Default: 0 };

export interface FakeMessage {
  readonly kind: "information" | "warning" | "error";
  readonly text: string;
  readonly actions: readonly string[];
}

export interface FakeProgress {
  readonly title: string;
  readonly reports: { readonly message?: string; readonly increment?: number }[];
  readonly cancel: () => void;
}

export interface FakeStatusItem {
  readonly id: string;
  text: string;
  tooltip: { readonly value: string } | undefined;
  isShown: boolean;
}

interface Serializer {
  deserializeWebviewPanel(panel: FakeWebviewPanel, state: unknown): Promise<void>;
}

class Fake {
  readonly activeEditor = new EventEmitter<FakeEditor | undefined>();
  readonly selection = new EventEmitter<{ textEditor: FakeEditor }>();
  readonly configuration = new EventEmitter<{ affectsConfiguration(name: string): boolean }>();
  readonly trust = new EventEmitter<void>();
  readonly folders = new EventEmitter<void>();
  readonly edited = new EventEmitter<{
    readonly document: FakeDocument;
    readonly contentChanges: readonly unknown[];
  }>();
  readonly opened = new EventEmitter<FakeDocument>();
  readonly closed = new EventEmitter<FakeDocument>();
  readonly renamed = new EventEmitter<{ files: readonly { oldUri: Uri; newUri: Uri }[] }>();
  readonly scrolled = new EventEmitter<{ textEditor: FakeEditor }>();
  readonly shown = new EventEmitter<readonly FakeEditor[]>();
  readonly quiet = new EventEmitter<never>();
  readonly settings = new Map<string, unknown>();
  readonly messages: FakeMessage[] = [];
  readonly commands: (readonly [command: string, ...args: unknown[]])[] = [];
  readonly progress: FakeProgress[] = [];
  readonly panels: FakeWebviewPanel[] = [];
  readonly statusItems: FakeStatusItem[] = [];
  readonly documents: FakeDocument[] = [];
  readonly serializers = new Map<string, Serializer>();
  editors: FakeEditor[] = [];
  workspaceFolders: { uri: Uri }[] | undefined;
  isTrusted = true;
  clipboard = "";
  /** Input of the active tab. */
  tabInput: unknown;
  /** Picks an action of a message, or closes it if undefined. */
  answer: (message: FakeMessage) => string | undefined = () => undefined;

  /** Resets all state and removes all listeners. */
  reset(): void {
    for (const emitter of [
      ...[this.activeEditor, this.selection, this.configuration, this.trust, this.folders],
      ...[this.edited, this.opened, this.closed, this.renamed, this.scrolled, this.shown],
    ])
      emitter.dispose();
    for (const list of [
      this.messages,
      this.commands,
      this.progress,
      this.panels,
      this.statusItems,
      this.documents,
    ])
      list.length = 0;
    this.settings.clear();
    this.serializers.clear();
    this.editors = [];
    this.workspaceFolders = undefined;
    this.isTrusted = true;
    this.clipboard = "";
    this.tabInput = undefined;
    forgetLanguages();
    this.answer = () => undefined;
  }

  /** Opens a file in an editor and makes it active. */
  open(uri: Uri, text: string, languageId = "plaintext"): FakeEditor {
    const document = new FakeDocument(uri, text, languageId);
    const editor = new FakeEditor(document);
    this.documents.push(document);
    this.editors = [editor, ...this.editors];
    this.opened.fire(document);
    this.shown.fire(this.editors);
    this.activeEditor.fire(editor);
    return editor;
  }

  /** Scrolls an editor to these lines. */
  scroll(editor: FakeEditor, from: number, to: number): void {
    editor.scrollTo(from, to);
    this.scrolled.fire({ textEditor: editor });
  }

  /** Replaces a line of a document. */
  editLine(document: FakeDocument, line: number, text: string): void {
    const { range } = document.lineAt(line);
    const [rangeOffset, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    document.write(document.getText().slice(0, rangeOffset) + text + document.getText().slice(end));
    this.edited.fire({ document, contentChanges: [{ rangeOffset, rangeLength: end - rangeOffset, text }] });
  }

  /** Closes a document, as VS Code does if its language changes or it is renamed. */
  close(document: FakeDocument): void {
    document.isClosed = true;
    this.documents.splice(this.documents.indexOf(document), 1);
    this.editors = this.editors.filter((editor) => editor.document !== document);
    this.closed.fire(document);
  }

  moveCursor(editor: FakeEditor, offset: number): void {
    editor.moveTo(offset);
    this.selection.fire({ textEditor: editor });
  }

  /** Changes a setting as the user would. */
  set(name: string, value: unknown): void {
    this.settings.set(name, value);
    this.configuration.fire({ affectsConfiguration: (asked) => asked === name });
  }

  /** The only panel of a type. */
  panel(viewType: string): FakeWebviewPanel {
    const found = this.panels.filter((panel) => panel.viewType === viewType && !panel.isDisposed);
    if (found.length !== 1 || !found[0]) throw new Error(`${found.length} panels of the type ${viewType}`);
    return found[0];
  }

  /** Restores a panel, as after a reload. */
  async revive(viewType: string, state: unknown): Promise<FakeWebviewPanel> {
    const panel = new FakeWebviewPanel(viewType, "", {});
    this.panels.push(panel);
    await this.serializers.get(viewType)?.deserializeWebviewPanel(panel, state);
    return panel;
  }
}

export const fake = new Fake();

function show(kind: FakeMessage["kind"]) {
  return async (text: string, ...actions: string[]): Promise<string | undefined> => {
    const message = { kind, text, actions };
    fake.messages.push(message);
    return fake.answer(message);
  };
}

export const window = {
  get activeTextEditor() {
    return fake.editors[0];
  },
  get visibleTextEditors() {
    return fake.editors;
  },
  tabGroups: {
    get activeTabGroup() {
      return { activeTab: { input: fake.tabInput } };
    },
  },
  activeColorTheme: { kind: ColorThemeKind.Dark },
  onDidChangeActiveTextEditor: fake.activeEditor.event,
  onDidChangeTextEditorSelection: fake.selection.event,
  onDidChangeVisibleTextEditors: fake.shown.event,
  onDidChangeTextEditorVisibleRanges: fake.scrolled.event,
  onDidChangeActiveColorTheme: fake.quiet.event,
  showInformationMessage: show("information"),
  showWarningMessage: show("warning"),
  showErrorMessage: show("error"),
  createTextEditorDecorationType: (options: unknown) => ({ options, dispose: () => undefined }),
  createStatusBarItem: (id: string) => {
    const item = {
      id,
      text: "",
      tooltip: undefined,
      isShown: false,
      show: () => {
        item.isShown = true;
      },
      hide: () => {
        item.isShown = false;
      },
      dispose: () => undefined,
    };
    fake.statusItems.push(item);
    return item;
  },
  createWebviewPanel: (viewType: string, title: string, _: unknown, options: Record<string, unknown>) => {
    const panel = new FakeWebviewPanel(viewType, title, options);
    fake.panels.push(panel);
    return panel;
  },
  registerWebviewPanelSerializer: (viewType: string, serializer: Serializer) => {
    fake.serializers.set(viewType, serializer);
    return new Disposable(() => fake.serializers.delete(viewType));
  },
  showTextDocument: async (document: FakeDocument, options: { selection?: never; viewColumn?: number }) => {
    const editor = fake.editors.find((shown) => shown.document === document) ?? new FakeEditor(document);
    if (!fake.editors.includes(editor)) fake.editors.unshift(editor);
    if (options.selection) editor.selection = options.selection;
    editor.viewColumn = options.viewColumn;
    return editor;
  },
  withProgress: async <T>(
    { title }: { title: string },
    work: (progress: unknown, token: unknown) => Promise<T>,
  ): Promise<T> => {
    const source = new CancellationTokenSource();
    const reports: FakeProgress["reports"] = [];
    fake.progress.push({ title, reports, cancel: () => source.cancel() });
    return work({ report: (report: FakeProgress["reports"][number]) => reports.push(report) }, source.token);
  },
};

export const workspace = {
  get textDocuments() {
    return fake.documents;
  },
  get workspaceFolders() {
    return fake.workspaceFolders;
  },
  get isTrusted() {
    return fake.isTrusted;
  },
  onDidChangeConfiguration: fake.configuration.event,
  onDidGrantWorkspaceTrust: fake.trust.event,
  onDidChangeWorkspaceFolders: fake.folders.event,
  onDidChangeTextDocument: fake.edited.event,
  onDidOpenTextDocument: fake.opened.event,
  onDidCloseTextDocument: fake.closed.event,
  onDidRenameFiles: fake.renamed.event,
  getConfiguration: (section: string) => ({ get: (name: string) => fake.settings.get(`${section}.${name}`) }),
  createFileSystemWatcher: () => {
    const event = () => new Disposable(() => undefined);
    return { onDidCreate: event, onDidChange: event, onDidDelete: event, dispose: () => undefined };
  },
  openTextDocument: async (uri: Uri): Promise<FakeDocument> => {
    const found = fake.documents.find((document) => document.uri.toString() === uri.toString());
    if (!found) throw new Error(`cannot open ${uri}`);
    return found;
  },
};

export const env = {
  clipboard: {
    writeText: async (text: string): Promise<void> => {
      fake.clipboard = text;
    },
  },
};

export const commands = {
  executeCommand: async (command: string, ...args: unknown[]): Promise<void> => {
    fake.commands.push([command, ...args]);
  },
};

/** A fake of the extension context's stored state. */
export class FakeMemento {
  readonly #kept = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.#kept.keys()];
  }

  get<T>(key: string): T | undefined {
    return structuredClone(this.#kept.get(key)) as T | undefined;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.#kept.set(key, structuredClone(value));
  }
}
