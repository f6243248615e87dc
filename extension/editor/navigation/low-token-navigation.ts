/** Moves the cursor to the next or previous low span, wrapping around at the document's ends. */
import * as vscode from "vscode";
import { abortedBy } from "../../platform/cancellation";
import { placedSpans } from "../annotations/low-spans";
import type { BadRegion, Region } from "../documents/regions/region";
import type { Reader } from "../scores/reader";
import type { ScoredDocument } from "../scores/scored-document";
import type { ScoredDocuments } from "../scores/scored-documents";
import { type Pass, type SearchDirection, type SearchOutcome, searchLowToken } from "./low-token-search";

type Row = Region | BadRegion;

/** Rows per request. */
const groupSize = 16;
/** Rows that a search scores before it asks whether to continue. */
const mostRows = 320;

export class LowTokenNavigation implements vscode.Disposable {
  #running: vscode.CancellationTokenSource | undefined;

  constructor(
    private readonly documents: Pick<ScoredDocuments, "get" | "scoreRows">,
    private readonly reader: Pick<Reader, "readLow">,
  ) {}

  next(editor: vscode.TextEditor): Promise<void> {
    return this.#go(editor, "next");
  }

  previous(editor: vscode.TextEditor): Promise<void> {
    return this.#go(editor, "previous");
  }

  dispose(): void {
    this.#running?.cancel();
    this.#running?.dispose();
  }

  /** Rejects with the engine's error if rows on the way cannot be scored. */
  async #go(editor: vscode.TextEditor, direction: SearchDirection): Promise<void> {
    this.dispose();
    const scored = this.documents.get(editor.document);
    if (!scored) return tell("Reward Inspector: this document is not scored; run the reward model first.");
    const { version } = editor.document;
    let found = await this.#search(scored, editor, direction, () => Promise.resolve(false));
    while (found.kind === "stopped") {
      const further = await this.#searchFurther(scored, editor, direction);
      if (!further || editor.document.version !== version) return;
      found = further;
      if (found.kind === "stopped" && !(await asksToContinue())) return;
    }
    if (found.kind === "found") reveal(editor, found.start);
    else tell("Reward Inspector: no token of this document is low.");
  }

  /** Resolves with undefined if the search was canceled. */
  async #searchFurther(
    scored: ScoredDocument,
    editor: vscode.TextEditor,
    direction: SearchDirection,
  ): Promise<SearchOutcome | undefined> {
    const source = new vscode.CancellationTokenSource();
    this.#running = source;
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: "Reward Inspector: looking for low-Q tokens",
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, canceled) => {
      const signal = abortedBy(source.token, canceled);
      let done = 0;
      const score = async (rows: readonly Row[]): Promise<boolean> => {
        if (done >= mostRows) return false;
        const regions = rows.filter((row) => "row" in row);
        await this.documents.scoreRows(scored, regions, signal);
        done += rows.length;
        progress.report({ message: `${done} rows scored`, increment: (100 * rows.length) / mostRows });
        return true;
      };
      try {
        return await this.#search(scored, editor, direction, score);
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    });
  }

  #search(
    scored: ScoredDocument,
    editor: vscode.TextEditor,
    direction: SearchDirection,
    score: (rows: readonly Row[]) => Promise<boolean>,
  ): Promise<SearchOutcome> {
    const startsIn = (row: Row): readonly number[] | undefined => {
      const entry = scored.entry(row);
      if (entry.kind === "waiting") return undefined;
      return placedSpans([entry], (completion) => this.reader.readLow(completion)).map(({ start }) => start);
    };
    return searchLowToken({ passes: passesOf(scored, editor, direction), direction, startsIn, score });
  }
}

/** Goes from the cursor to one end, then from the other end to the cursor. */
function passesOf(
  scored: ScoredDocument,
  { document, selection }: vscode.TextEditor,
  direction: SearchDirection,
): Pass<Row>[] {
  const cursor = document.offsetAt(selection.active);
  const { line } = selection.active;
  const last = document.lineCount - 1;
  const after = {
    groups: groupsOf(scored, line, last, direction),
    accepts: (start: number) => start > cursor,
  };
  const before = { groups: groupsOf(scored, 0, line, direction), accepts: (start: number) => start < cursor };
  const here = {
    groups: groupsOf(scored, line, line, direction),
    accepts: (start: number) => start === cursor,
  };
  return direction === "next" ? [after, before, here] : [before, after, here];
}

function* groupsOf(
  scored: ScoredDocument,
  from: number,
  to: number,
  direction: SearchDirection,
): Generator<readonly Row[]> {
  // Lines are read as the search reaches them; other documents are read as a whole anyway.
  const size = scored.rows.isPaged ? groupSize : to - from + 1;
  const starts = Array.from({ length: Math.ceil((to - from + 1) / size) }, (_, i) => i * size);
  for (const start of starts) {
    const rows =
      direction === "next"
        ? scored.rows.between(from + start, Math.min(to, from + start + size - 1))
        : scored.rows.between(Math.max(from, to - start - size + 1), to - start).reverse();
    for (let at = 0; at < rows.length; at += groupSize) yield rows.slice(at, at + groupSize);
  }
}

function reveal(editor: vscode.TextEditor, offset: number): void {
  const position = editor.document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(
    new vscode.Range(position, position),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

async function asksToContinue(): Promise<boolean> {
  const action = "Search Further";
  const text = `Reward Inspector: no low token in the next ${mostRows} rows.`;
  return (await vscode.window.showInformationMessage(text, action)) === action;
}

function tell(text: string): void {
  void vscode.window.showInformationMessage(text);
}
