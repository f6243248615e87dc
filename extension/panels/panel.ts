/** The host half of a panel: opens and restores its page, checks the page's messages, and sends it what changed. */
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import { messageOf } from "../engine/errors";
import type { Change, HostMessage, PanelContract } from "../protocol/panels/panel";
import { webviewOptions, webviewPage } from "./webview-page";

/** A panel, of which at most one per class is open. Its page is unloaded while hidden, so its state is kept here. */
export abstract class Panel<State extends object, Kept, Notice, Intent> implements vscode.Disposable {
  readonly #serializer: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  /** Whether the page is loaded and has the whole state. */
  #isReady = false;
  #state: State;
  /** Sequence number of the last choice taken from the page that is loaded now. */
  #taken = 0;
  #loads = 0;
  /** Notices for a page that is being loaded. */
  #waiting: Notice[] = [];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly contract: PanelContract<State, Kept, Notice, Intent>,
    private readonly initial: State,
  ) {
    this.#state = initial;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(viewType(contract.name), {
      deserializeWebviewPanel: async (panel, state) => this.#revive(panel, state),
    });
  }

  get state(): State {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#serializer.dispose();
  }

  /** Handles an intent of the page. Errors are shown to the user. */
  protected abstract receive(intent: Intent): void | Promise<void>;

  /** Restores the panel from what its page kept when the window was reloaded; false if that is not enough. */
  protected abstract revive(kept: Kept): boolean;

  /** Called when the panel is closed, by the user or with the window. */
  protected closed(): void {}

  protected get column(): vscode.ViewColumn | undefined {
    return this.#panel?.viewColumn;
  }

  /** Opens the panel beside the editor, which keeps the focus. */
  protected open(): void {
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const { name, title } = this.contract;
    this.#adopt(
      vscode.window.createWebviewPanel(viewType(name), title, place, {
        ...webviewOptions(this.extension),
        enableFindWidget: true,
      }),
    );
  }

  protected set title(title: string) {
    if (this.#panel) this.#panel.title = title;
  }

  /** Changes the state, and sends the page only the fields whose values differ. */
  protected set(change: Change<State>): void {
    const differing = Object.entries(change).filter(
      ([name, value]) => value !== undefined && !isDeepStrictEqual(this.#state[name as keyof State], value),
    );
    if (differing.length === 0) return;
    const part = Object.fromEntries(differing) as Change<State>;
    this.#state = { ...this.#state, ...part };
    this.#post({ type: "state", change: part, taken: this.#taken });
  }

  /** Sends a notice to the page, unless it is hidden. */
  protected notify(notice: Notice): void {
    this.#post({ type: "notice", notice });
  }

  /** Sends a notice to the page, which is shown first if it is hidden. */
  protected notifyShown(notice: Notice): void {
    this.open();
    if (this.#isReady) this.notify(notice);
    else this.#waiting.push(notice);
  }

  /** Restores a panel after a reload, or closes it if its content is unknown or another panel is open. */
  #revive(panel: vscode.WebviewPanel, value: unknown): void {
    const kept = this.contract.readKept(value);
    if (kept === undefined || this.#panel || !this.revive(kept)) {
      panel.dispose();
      return;
    }
    panel.webview.options = webviewOptions(this.extension);
    this.#adopt(panel);
  }

  #adopt(panel: vscode.WebviewPanel): void {
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "reward-inspector.svg");
    this.#panel = panel;
    this.#isReady = false;
    panel.webview.onDidReceiveMessage((value: unknown) => void this.#receive(value).catch(complain));
    panel.onDidChangeViewState(() => {
      // Messages to a hidden page are lost. It reports that it is ready when it is shown again.
      if (!panel.visible) this.#isReady = false;
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#isReady = false;
      this.#waiting = [];
      this.#state = this.initial;
      this.closed();
    });
    panel.webview.html = webviewPage(panel.webview, this.extension, this.contract.name, this.contract.title);
  }

  async #receive(value: unknown): Promise<void> {
    const message = this.contract.readPageMessage(value);
    if (message === undefined) throw new Error(`the ${this.contract.title} panel sent an unknown message`);
    if (message.type === "failed") throw new Error(message.problem);
    if (message.type === "ready") {
      this.#isReady = true;
      this.#taken = 0;
      this.#loads++;
      this.#post({ type: "state", change: this.#state, taken: 0 });
      for (const notice of this.#waiting.splice(0)) this.notify(notice);
      return;
    }
    const load = this.#loads;
    try {
      await this.receive(message.intent);
    } finally {
      if (message.sequence !== undefined && load === this.#loads) {
        this.#taken = Math.max(this.#taken, message.sequence);
        this.#post({ type: "state", change: {}, taken: this.#taken });
      }
    }
  }

  #post(message: HostMessage<State, Notice>): void {
    if (this.#isReady) void this.#panel?.webview.postMessage(message);
  }
}

function viewType(name: string): string {
  return `rewardInspector.${name}`;
}

/** Reports an error, and leaves the panel as it is. */
function complain(error: unknown): void {
  if (!(error instanceof vscode.CancellationError))
    void vscode.window.showErrorMessage(`Reward Inspector: ${messageOf(error)}`);
}
