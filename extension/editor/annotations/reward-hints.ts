/** The reward of each completion at its end. */
import * as vscode from "vscode";
import { readSetting, settingName } from "../../platform/settings";
import { Soon } from "../../platform/soon";
import type { Reader } from "../scores/reader";
import type { ScoredDocuments } from "../scores/scored-documents";
import { hintText } from "./row-wording";

/** Milliseconds. */
const delay = 100;

export class RewardHints implements vscode.InlayHintsProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.#changed.event;
  readonly #soon = new Soon(delay, () => this.#changed.fire());
  readonly #disposables: vscode.Disposable[];

  constructor(
    private readonly documents: ScoredDocuments,
    private readonly reader: Reader,
  ) {
    const ask = (): void => this.#soon.ask();
    this.#disposables = [
      documents.onDidChange(ask),
      documents.onDidClose(ask),
      reader.onDidChange(ask),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settingName(event).includes("inlayHints")) ask();
      }),
      vscode.languages.registerInlayHintsProvider("*", this),
    ];
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    const scored = this.documents.get(document);
    if (!scored || !readSetting("inlayHints")) return [];
    return scored.between(range.start.line, range.end.line).flatMap((entry) => {
      if (entry.kind !== "scored") return [];
      return entry.completions.flatMap((completion) => {
        const end = completion.rangesOf({ start: 0, end: completion.text.length }).at(-1)?.end;
        if (end === undefined) return [];
        const text = hintText(completion.score, this.reader.read(completion).goal);
        const hint = new vscode.InlayHint(document.positionAt(end), text);
        hint.paddingLeft = true;
        return [hint];
      });
    });
  }

  dispose(): void {
    this.#soon.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
  }
}
