/** A fake webview panel, whose page the test simulates. */
import { Disposable, EventEmitter, type Uri } from "./values";

export class FakeWebviewPanel {
  readonly #disposed = new EventEmitter<void>();
  readonly #viewState = new EventEmitter<unknown>();
  readonly #received = new EventEmitter<unknown>();
  readonly onDidDispose = this.#disposed.event;
  readonly onDidChangeViewState = this.#viewState.event;
  /** Messages that the host posted, oldest first. */
  readonly posted: unknown[] = [];
  readonly webview = {
    html: "",
    options: {},
    cspSource: "vscode-webview:",
    asWebviewUri: (uri: Uri) => uri,
    onDidReceiveMessage: this.#received.event,
    postMessage: async (message: unknown): Promise<boolean> => {
      // Copies the message as VS Code does.
      if (this.visible) this.posted.push(structuredClone(message));
      return this.visible;
    },
  };
  iconPath: unknown;
  visible = true;
  viewColumn = 2;
  isDisposed = false;
  timesRevealed = 0;

  constructor(
    readonly viewType: string,
    public title: string,
    readonly options: Readonly<Record<string, unknown>>,
  ) {}

  reveal(): void {
    this.timesRevealed++;
    this.setVisible(true);
  }

  /** Hides the panel, which discards its page. */
  setVisible(isVisible: boolean): void {
    this.visible = isVisible;
    this.#viewState.fire(undefined);
  }

  /** Posts a message from the page. */
  say(message: unknown): void {
    this.#received.fire(structuredClone(message));
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.#disposed.fire();
    Disposable.from(this.#disposed, this.#viewState, this.#received).dispose();
  }
}
