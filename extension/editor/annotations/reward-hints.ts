/** Shows the reward of each completion at its end. */
import * as vscode from "vscode";
import { readSetting, settingName } from "../../platform/settings/settings";
import { Soon } from "../../platform/soon";
import type { Reader } from "../scores/reader";
import type { ScoredDocuments } from "../scores/scored-documents";
import type { DocumentViews } from "./document-views";
import { hintText } from "./row-wording";
import { ScoredProviders } from "./scored-providers";

/** Milliseconds. */
const delay = 100;

export class RewardHints implements vscode.InlayHintsProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.#changed.event;
  readonly #soon = new Soon(delay, () => this.#changed.fire());
  readonly #disposables: vscode.Disposable[];

  constructor(
    private readonly views: DocumentViews,
    documents: ScoredDocuments,
    private readonly reader: Reader,
  ) {
    const ask = (): void => this.#soon.ask();
    this.#disposables = [
      views.onDidChange(ask),
      views.onDidClose(ask),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settingName(event).includes("inlayHints")) ask();
      }),
      new ScoredProviders(documents, (selector) =>
        vscode.languages.registerInlayHintsProvider(selector, this),
      ),
    ];
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    const view = this.views.get(document);
    if (!view || !readSetting("inlayHints")) return [];
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    return view.entries.flatMap((entry) => {
      if (entry.kind !== "scored" || entry.region.end < start || entry.region.start > end) return [];
      return entry.completions.flatMap((completion) => {
        const last = completion.rangesOf({ start: 0, end: completion.text.length }).at(-1)?.end;
        if (last === undefined) return [];
        const text = hintText(completion.score, this.reader.goalOf(completion.score));
        const hint = new vscode.InlayHint(document.positionAt(last), text);
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
