/** The host half of the compare panel, which follows the editor's cursor. */
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import { errorText } from "../../platform/error-wording";
import {
  type CompareIntent,
  type CompareKept,
  type CompareNotice,
  type CompareState,
  compareContract,
  type ExportFormat,
} from "../../protocol/panels/compare";
import type { ExportedFile } from "../export-file";
import { Panel } from "../panel";
import type { Comparer } from "./comparer";
import { type CompletionFinder, filesOf, locatedOf } from "./completion-finder";
import type { DisplayChoices } from "./display-choices";
import type { Direction, RowWalk } from "./row-walk";
import { readSubject, type Subject, subjectText } from "./subject";
import { TokenPointer } from "./token-pointer";

/** Milliseconds without a further change before the panel is updated. */
const pause = 40;

export interface CompareParts {
  readonly comparer: Pick<Comparer, "compare" | "onDidChange">;
  readonly finder: Pick<CompletionFinder, "find" | "isSame" | "place" | "tokenAt">;
  readonly walk: Pick<RowWalk, "neighbor" | "follow">;
  readonly display: Pick<DisplayChoices, "of" | "choose" | "onDidChange" | "rewardQuantiles">;
  readonly saveExport: (file: ExportedFile) => Promise<void>;
}

export class ComparePanel extends Panel<CompareState, CompareKept, CompareNotice, CompareIntent> {
  readonly #listeners: vscode.Disposable[];
  readonly #pointer = new TokenPointer();
  #subject: Subject | undefined;
  #timer: NodeJS.Timeout | undefined;
  #updating = new AbortController();

  constructor(
    extension: vscode.Uri,
    private readonly parts: CompareParts,
  ) {
    super(extension, compareContract, {
      status: { kind: "loading", text: "Waiting for scores…" },
      subject: "",
      comparison: null,
      display: parts.display.of([]),
      position: null,
    });
    this.#listeners = [
      parts.comparer.onDidChange(() => this.#schedule()),
      parts.display.onDidChange(() => this.#redisplay()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#follow(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        // Returning from the panel to its file does not move the cursor.
        if (editor && !this.#isAbout(editor.document)) this.#follow(editor);
      }),
    ];
  }

  async show(subject: Subject): Promise<void> {
    this.#subject = subject;
    this.open();
    await this.#update();
  }

  /** Asks the page for its picture or HTML, which arrives as an intent. */
  export(format: ExportFormat): void {
    this.notifyShown({ type: "export", format });
  }

  /** Shows the first misranked pair of a file. */
  async showMisranked(uri: string): Promise<void> {
    await this.show({ kind: "row", at: { uri, offset: 0 } });
    const { margin = null, sides = [] } = this.state.comparison ?? {};
    const isMisranked = margin !== null && margin <= 0 && sides.every(({ truncated }) => truncated === 0);
    if (!isMisranked) await this.#go("next-misranked");
  }

  override dispose(): void {
    clearTimeout(this.#timer);
    super.dispose();
    this.#pointer.dispose();
    for (const listener of this.#listeners) listener.dispose();
  }

  protected override revive({ subject: text }: CompareKept): boolean {
    const subject = readSubject(text);
    if (!subject) return false;
    this.#subject = subject;
    this.#schedule();
    return true;
  }

  protected override closed(): void {
    this.#updating.abort(new vscode.CancellationError());
    this.#subject = undefined;
    this.#pointer.clear();
  }

  protected override async receive(intent: CompareIntent): Promise<void> {
    const subject = this.#subject;
    switch (intent.type) {
      case "display":
        return this.parts.display.choose(intent.display);
      case "go":
        return this.#go(intent.to);
      case "pointed":
        if (subject) this.#pointer.point(this.parts.finder.place(subject, intent.side, intent.token));
        return;
      case "reveal":
        if (subject) await this.#reveal(subject, intent.side, intent.token);
        return;
      case "exported":
        return this.parts.saveExport({
          ...intent,
          title: this.state.comparison?.title ?? "",
          sources: subject ? filesOf(subject) : [],
        });
    }
  }

  async #go(to: Direction): Promise<void> {
    const subject = this.#subject;
    if (!subject) return;
    this.set({ status: { kind: "loading", text: "Looking for the row…" } });
    try {
      const next = await this.parts.walk.neighbor(subject, to);
      // The user may have moved to another row meanwhile; stay there.
      if (this.#subject !== subject) return;
      if (!next || this.parts.finder.isSame(subject, next))
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

  /** Reveals a token in its editor, and reopens its file if it was closed. */
  async #reveal(subject: Subject, side: number, token: number): Promise<void> {
    await this.parts.finder.find(locatedOf(subject, side));
    const place = this.parts.finder.place(subject, side, token);
    await this.#pointer.reveal(place, this.column);
  }

  /** Updates the comparison. Only that of the newest subject is shown; a late older one is dropped. */
  async #update(): Promise<void> {
    const subject = this.#subject;
    if (!subject || !this.isOpen) return;
    this.#updating.abort(new vscode.CancellationError());
    this.#updating = new AbortController();
    const { signal } = this.#updating;
    if (!this.state.comparison) this.set({ status: { kind: "loading", text: "Scoring…" } });
    try {
      const compared = await this.parts.comparer.compare(subject, signal);
      if (signal.aborted) return;
      if (!compared) {
        const text = "There is no completion at the cursor.";
        this.set({ status: { kind: "empty", text }, subject: subjectText(subject), comparison: null });
        return;
      }
      const { comparison, position } = compared;
      this.title = comparison.sides.length > 1 ? "Compare" : "Inspect";
      this.set({
        status: { kind: "shown", text: "" },
        subject: subjectText(subject),
        comparison,
        display: this.parts.display.of(comparison.goals),
        position,
      });
    } catch (error) {
      if (signal.aborted || error instanceof vscode.CancellationError) return;
      this.set({ status: { kind: "error", text: errorText(error) }, comparison: null });
    }
  }

  /** Updates the display without sending tokens again, unless the reward quantiles have changed. */
  #redisplay(): void {
    const { comparison } = this.state;
    this.set({ display: this.parts.display.of(comparison?.goals ?? []) });
    if (comparison && !isDeepStrictEqual(comparison.rewardQuantiles, this.parts.display.rewardQuantiles))
      this.#schedule();
  }

  #follow(editor: vscode.TextEditor): void {
    const next = this.isOpen ? this.parts.walk.follow(this.#subject, editor) : undefined;
    if (!next) return;
    const isSame = this.#subject !== undefined && this.parts.finder.isSame(this.#subject, next);
    this.#subject = next;
    if (!isSame) this.#schedule();
    const pointed = this.parts.finder.tokenAt(next);
    if (pointed) this.notify({ type: "pointed", ...pointed });
  }

  #isAbout(document: vscode.TextDocument): boolean {
    return this.#subject !== undefined && locatedOf(this.#subject).uri === document.uri.toString();
  }

  #schedule(): void {
    if (!this.isOpen && !this.#subject) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), pause);
  }
}

const wanted = { next: "next row", previous: "previous row", "next-misranked": "misranked pair" } as const;
