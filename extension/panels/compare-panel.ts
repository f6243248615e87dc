/** The host half of the compare panel: one panel, which follows the editor. */
import * as vscode from "vscode";
import {
  type Comparison,
  type HostMessage,
  readWebviewMessage,
  type WebviewMessage,
} from "../../webview/shared/messages";
import { messageOf } from "../engine/errors";
import type { Comparer } from "./comparer";
import type { ExportedFile } from "./export-file";
import type { Subject } from "./subject";
import { TokenPointer } from "./token-pointer";
import { webviewOptions, webviewPage } from "./webview-page";

/** Milliseconds in which changes are gathered. */
const pause = 40;

export class ComparePanel implements vscode.Disposable {
  readonly #listeners: vscode.Disposable[];
  readonly #pointer = new TokenPointer();
  #panel: vscode.WebviewPanel | undefined;
  #subject: Subject | undefined;
  #shown: Comparison | undefined;
  #isReady = false;
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly comparer: Comparer,
    private readonly saveExport: (file: ExportedFile) => Promise<void>,
  ) {
    this.#listeners = [
      comparer.onDidChange(() => this.#schedule()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#follow(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => editor && this.#follow(editor)),
    ];
  }

  /** What is shown now; for tests and commands. */
  get subject(): Subject | undefined {
    return this.#subject;
  }

  get comparison(): Comparison | undefined {
    return this.#shown;
  }

  async show(subject: Subject): Promise<void> {
    this.#subject = subject;
    if (this.#panel) this.#panel.reveal(undefined, true);
    else this.#open();
    await this.#update();
  }

  /** Asks the panel for its picture or page; it comes back as a message. */
  async export(format: "png" | "html"): Promise<void> {
    await this.#post({ type: "export", format });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#panel?.dispose();
    this.#pointer.dispose();
    for (const listener of this.#listeners) listener.dispose();
  }

  #open(): void {
    const panel = vscode.window.createWebviewPanel(
      "rewardLens.compare",
      "Compare",
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      webviewOptions(this.extension),
    );
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "reward-lens.svg");
    this.#panel = panel;
    this.#isReady = false;
    panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = readWebviewMessage(value);
      if (message) void this.#receive(message).catch((error: unknown) => this.#fail(error));
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#subject = undefined;
      this.#shown = undefined;
      this.#pointer.clear();
    });
    panel.webview.html = webviewPage(panel.webview, this.extension, "compare", "Compare");
  }

  async #receive(message: WebviewMessage): Promise<void> {
    const subject = this.#subject;
    switch (message.type) {
      case "ready":
        this.#isReady = true;
        return this.#update();
      case "display":
        return this.comparer.choose(message.display);
      case "go": {
        await this.#post({ type: "status", kind: "loading", text: "Looking for the row…" });
        const next = subject && (await this.comparer.neighbour(subject, message.to));
        if (next) this.#subject = next;
        else
          void vscode.window.showInformationMessage(`Reward Lens: there is no ${wanted[message.to]} here.`);
        return this.#update();
      }
      case "pointed":
        if (subject) this.#pointer.point(this.comparer.place(subject, message.side, message.token));
        return;
      case "reveal":
        if (subject) await this.#pointer.reveal(this.comparer.place(subject, message.side, message.token));
        return;
      case "export":
        return this.export(message.format);
      case "exported":
        return this.saveExport({
          format: message.format,
          data: message.data,
          title: this.#shown?.title ?? "",
        });
      case "failed":
        throw new Error(message.problem);
    }
  }

  /** The newest wish is shown; one that took longer and is older is dropped. */
  async #update(): Promise<void> {
    const subject = this.#subject;
    if (!subject || !this.#panel || !this.#isReady) return;
    const turn = ++this.#turn;
    if (!this.#shown) await this.#post({ type: "status", kind: "loading", text: "Scoring…" });
    try {
      const comparison = await this.comparer.compare(subject);
      if (turn !== this.#turn) return;
      this.#shown = comparison;
      if (!comparison) {
        await this.#post({ type: "status", kind: "empty", text: "There is no completion at the cursor." });
        return;
      }
      if (this.#panel) this.#panel.title = comparison.sides.length > 1 ? "Compare" : "Inspect";
      await this.#post({ type: "comparison", comparison });
    } catch (error) {
      if (turn === this.#turn && !(error instanceof vscode.CancellationError)) this.#fail(error);
    }
  }

  #follow(editor: vscode.TextEditor): void {
    const next = this.#panel && this.comparer.follow(this.#subject, editor);
    if (!next) return;
    const isSame = this.#subject !== undefined && this.comparer.isSameRow(this.#subject, next);
    this.#subject = next;
    if (!isSame) this.#schedule();
    const pointed = this.comparer.tokenAt(next);
    if (pointed) void this.#post({ type: "pointed", ...pointed });
  }

  #schedule(): void {
    if (!this.#panel) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), pause);
  }

  #fail(error: unknown): void {
    this.#shown = undefined;
    void this.#post({ type: "status", kind: "error", text: messageOf(error) });
  }

  async #post(message: HostMessage): Promise<void> {
    if (this.#isReady) await this.#panel?.webview.postMessage(message);
  }
}

const wanted = { next: "next row", previous: "row before", "next-misranked": "misranked pair" } as const;
