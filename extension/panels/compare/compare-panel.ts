/** The host half of the compare panel: one panel, which follows the editor and comes back after a reload. */
import * as vscode from "vscode";
import { errorText } from "../../platform/error-wording";
import {
  type Comparison,
  type HostMessage,
  readKept,
  readWebviewMessage,
  type WebviewMessage,
} from "../../protocol/compare";
import type { ExportedFile } from "../export-file";
import { webviewOptions, webviewPage } from "../webview-page";
import type { Comparer } from "./comparer";
import { locatedOf } from "./completion-finder";
import { readSubject, type Subject } from "./subject";
import { TokenPointer } from "./token-pointer";

/** Milliseconds in which changes are gathered. */
const pause = 40;
const viewType = "rewardInspector.compare";

export class ComparePanel implements vscode.Disposable {
  readonly #listeners: vscode.Disposable[];
  readonly #pointer = new TokenPointer();
  #panel: vscode.WebviewPanel | undefined;
  #subject: Subject | undefined;
  #shown: Comparison | undefined;
  #isReady = false;
  #timer: NodeJS.Timeout | undefined;
  #updating = new AbortController();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly comparer: Comparer,
    private readonly saveExport: (file: ExportedFile) => Promise<void>,
  ) {
    this.#listeners = [
      comparer.onDidChange(() => this.#schedule()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#follow(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        // Who comes back from the panel to its file has not moved the cursor.
        if (editor && !this.#isAbout(editor.document)) this.#follow(editor);
      }),
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: async (panel, state) => this.#revive(panel, state),
      }),
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
    this.#adopt(
      vscode.window.createWebviewPanel(
        viewType,
        "Compare",
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        webviewOptions(this.extension),
      ),
    );
  }

  /** One that stood there before a reload; gone where it is not known what it showed, or where there is one already. */
  #revive(panel: vscode.WebviewPanel, state: unknown): void {
    const subject = readSubject(readKept(state)?.subject ?? "");
    if (!subject || this.#panel) {
      panel.dispose();
      return;
    }
    panel.webview.options = webviewOptions(this.extension);
    this.#subject = subject;
    this.#adopt(panel);
  }

  #adopt(panel: vscode.WebviewPanel): void {
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "reward-inspector.svg");
    this.#panel = panel;
    this.#isReady = false;
    panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = readWebviewMessage(value);
      if (message) void this.#receive(message).catch(complain);
    });
    panel.onDidDispose(() => {
      this.#updating.abort();
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
      case "go":
        return this.#go(message.to);
      case "pointed":
        if (subject) this.#pointer.point(this.comparer.finder.place(subject, message.side, message.token));
        return;
      case "reveal":
        if (subject) await this.#reveal(subject, message.side, message.token);
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

  async #go(to: keyof typeof wanted): Promise<void> {
    const subject = this.#subject;
    if (!subject) return;
    await this.#post({ type: "status", kind: "loading", text: "Looking for the row…" });
    try {
      const next = await this.comparer.neighbor(subject, to);
      // Who went elsewhere meanwhile stays there.
      if (this.#subject !== subject) return;
      if (!next || this.comparer.finder.isSame(subject, next))
        void vscode.window.showInformationMessage(
          `Reward Inspector: there is no ${next ? "other " : ""}${wanted[to]} here.`,
        );
      else {
        this.#subject = next;
        this.#pointer.bringIntoView(locatedOf(next));
      }
    } finally {
      await this.#update();
    }
  }

  /** In its file, which is opened again where it was closed. */
  async #reveal(subject: Subject, side: number, token: number): Promise<void> {
    await this.comparer.finder.find(locatedOf(subject, side));
    const place = this.comparer.finder.place(subject, side, token);
    await this.#pointer.reveal(place, this.#panel?.viewColumn);
  }

  /** The newest wish is shown; an older one is given up. */
  async #update(): Promise<void> {
    const subject = this.#subject;
    if (!subject || !this.#panel || !this.#isReady) return;
    this.#updating.abort(new vscode.CancellationError());
    this.#updating = new AbortController();
    const { signal } = this.#updating;
    if (!this.#shown) await this.#post({ type: "status", kind: "loading", text: "Scoring…" });
    try {
      const comparison = await this.comparer.compare(subject, signal);
      if (signal.aborted) return;
      this.#shown = comparison;
      if (!comparison) {
        await this.#post({ type: "status", kind: "empty", text: "There is no completion at the cursor." });
        return;
      }
      if (this.#panel) this.#panel.title = comparison.sides.length > 1 ? "Compare" : "Inspect";
      await this.#post({ type: "comparison", comparison });
    } catch (error) {
      if (signal.aborted || error instanceof vscode.CancellationError) return;
      this.#shown = undefined;
      await this.#post({ type: "status", kind: "error", text: errorText(error) });
    }
  }

  #follow(editor: vscode.TextEditor): void {
    const next = this.#panel && this.comparer.follow(this.#subject, editor);
    if (!next) return;
    const isSame = this.#subject !== undefined && this.comparer.finder.isSame(this.#subject, next);
    this.#subject = next;
    if (!isSame) this.#schedule();
    const pointed = this.comparer.finder.tokenAt(next);
    if (pointed) void this.#post({ type: "pointed", ...pointed });
  }

  #isAbout(document: vscode.TextDocument): boolean {
    return this.#subject !== undefined && locatedOf(this.#subject).uri === document.uri.toString();
  }

  #schedule(): void {
    if (!this.#panel) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), pause);
  }

  async #post(message: HostMessage): Promise<void> {
    if (this.#isReady) await this.#panel?.webview.postMessage(message);
  }
}

/** What goes wrong beside the comparison leaves it in sight. */
function complain(error: unknown): void {
  if (!(error instanceof vscode.CancellationError))
    void vscode.window.showErrorMessage(`Reward Inspector: ${errorText(error)}`);
}

const wanted = { next: "next row", previous: "row before", "next-misranked": "misranked pair" } as const;
