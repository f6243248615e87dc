/** The host half of a panel: opens its page and brings it back, checks what the page says, sends it what changed. */
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import { messageOf } from "../engine/errors";
import type { Change, HostMessage, PanelContract } from "../protocol/panels/panel";
import { webviewOptions, webviewPage } from "./webview-page";

/** There is at most one panel per class. Its page is thrown away while it is hidden: the state is here. */
export abstract class Panel<State extends object, Kept, Notice, Intent> implements vscode.Disposable {
  readonly #serializer: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  /** The page is loaded, and has the whole state. */
  #isReady = false;
  #state: State;
  /** Sequence number of the last choice of the page that is loaded now. */
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

  /** Does what the page asks for. What it throws is shown to the user. */
  protected abstract receive(intent: Intent): void | Promise<void>;

  /** Continues from what the page kept when the window was reloaded; false if that says too little. */
  protected abstract revive(kept: Kept): boolean;

  /** The panel was closed by the user, or with the window. */
  protected closed(): void {}

  protected get column(): vscode.ViewColumn | undefined {
    return this.#panel?.viewColumn;
  }

  /** Beside the editor, which keeps the focus. */
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

  /** Only fields whose values differ are sent. */
  protected set(change: Change<State>): void {
    const differing = Object.entries(change).filter(
      ([name, value]) => value !== undefined && !isDeepStrictEqual(this.#state[name as keyof State], value),
    );
    if (differing.length === 0) return;
    const part = Object.fromEntries(differing) as Change<State>;
    this.#state = { ...this.#state, ...part };
    this.#post({ type: "state", change: part, taken: this.#taken });
  }

  /** A page that is hidden does not hear of it. */
  protected notify(notice: Notice): void {
    this.#post({ type: "notice", notice });
  }

  /** Shows the page first if it is hidden. */
  protected notifyShown(notice: Notice): void {
    this.open();
    if (this.#isReady) this.notify(notice);
    else this.#waiting.push(notice);
  }

  /** A panel of before a reload; closed if it is not known what it showed, or if there already is one. */
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
      // What is sent to a hidden page is lost. It says that it is ready when it is shown again.
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
    if (message === undefined)
      throw new Error(`the ${this.contract.title} panel sent a message that is not known`);
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

/** A problem leaves what the panel shows in place. */
function complain(error: unknown): void {
  if (!(error instanceof vscode.CancellationError))
    void vscode.window.showErrorMessage(`Reward Inspector: ${messageOf(error)}`);
}
