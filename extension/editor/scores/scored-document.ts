/** A scored document: its rows, their scores, and the places of their tokens in the text. */
import * as vscode from "vscode";
import { type ListedToken, listedToken, noTokens } from "../../display/token-list";
import type { ScoredCompletion, ScoredRow, TokenScores } from "../../protocol/scores";
import { type Outcome, textsOf } from "../../scores/outcome";
import type { DocumentRows } from "../documents/document-rows";
import type { BadRegion, OffsetRange, Region } from "../documents/regions/region";
import { Alignments } from "./alignments";

/** A row and the state of its scores. */
export type RowEntry =
  | { readonly kind: "bad"; readonly region: BadRegion }
  | { readonly kind: "waiting"; readonly region: Region }
  | { readonly kind: "failed"; readonly region: Region; readonly problem: string }
  | ScoredEntry;

export interface ScoredEntry {
  readonly kind: "scored";
  readonly region: Region;
  readonly row: ScoredRow;
  readonly completions: readonly ScoredText[];
}

/** A scored completion with its tokens. */
export class ScoredText {
  constructor(
    readonly region: Region,
    readonly index: number,
    readonly score: ScoredCompletion,
    /** The completion's text, in which token offsets count. */
    readonly text: string,
    private readonly alignments: Alignments,
    /** Scores of all completions of the row. */
    private readonly rowScores: readonly ScoredCompletion[],
  ) {}

  get tokens(): TokenScores {
    return this.score.tokenScores ?? noTokens;
  }

  /** Returns undefined if there is no such token. */
  token(index: number): ListedToken | undefined {
    return index < this.tokens.ids.length ? listedToken(this.tokens, this.text, index) : undefined;
  }

  /** Token columns of all completions of the row. */
  get rowTokens(): TokenScores[] {
    return this.rowScores.flatMap(({ tokenScores }) => tokenScores ?? []);
  }

  /** Returns the document's ranges of a range of the text; none if the document does not contain it. */
  rangesOf({ start, end }: OffsetRange): OffsetRange[] {
    const placed = this.region.completions[this.index];
    if (!placed) return [];
    const from = this.region.start;
    return this.alignments
      .of(placed, this.text)
      .ranges(start, end)
      .map((range) => ({ start: from + range.start, end: from + range.end }));
  }

  /** Returns the index of the token at an offset of the document; undefined if there is none. */
  tokenAt(offset: number): number | undefined {
    const { starts, ends } = this.tokens;
    const found = starts.findIndex((start, i) =>
      this.rangesOf({ start, end: ends[i] ?? start }).some(
        (range) => range.start <= offset && offset < range.end,
      ),
    );
    return found < 0 ? undefined : found;
  }
}

/** Lines per step of the search for the first row of a file. */
const linesAtOnce = 100;

/** One scored document. */
export class ScoredDocument {
  readonly #alignments = new Alignments();

  constructor(
    readonly rows: DocumentRows,
    private readonly outcomeOf: (region: Region) => Outcome | undefined,
  ) {}

  get document(): vscode.TextDocument {
    return this.rows.document;
  }

  /** Whether there is a row, readable or not. */
  get hasRows(): boolean {
    const { lineCount } = this.document;
    const step = this.rows.isPaged ? linesAtOnce : lineCount;
    for (let line = 0; line < lineCount; line += step)
      if (this.rows.between(line, line + step - 1).length > 0) return true;
    return false;
  }

  /** Rows that have a line in [from, to], in order, with their scores. */
  between(from: number, to: number): RowEntry[] {
    return this.rows.between(from, to).map((region) => this.entry(region));
  }

  /** Returns a row with the current state of its scores. */
  entry(region: Region | BadRegion): RowEntry {
    return entryOf(region, "problem" in region ? undefined : this.outcomeOf(region), this.#alignments);
  }

  /** Returns the row at a position; in a prompt that is a turn of its own, the row that answers it. */
  at(position: vscode.Position): RowEntry | undefined {
    const offset = this.document.offsetAt(position);
    const entries = this.between(position.line, position.line);
    const found = entries.find(({ region }) => region.start <= offset && offset <= region.end) ?? entries[0];
    return found ?? this.#answerTo(position.line);
  }

  /** Returns the next row if its prompt is written before it, as a user's turn is. */
  #answerTo(line: number): RowEntry | undefined {
    if (this.rows.isPaged) return undefined;
    const [next] = this.rows.between(line, this.document.lineCount - 1);
    const isPrompt = next && "row" in next && next.prompt.some(({ start }) => start < 0);
    return isPrompt ? this.entry(next) : undefined;
  }

  /** Returns all rows, which takes a while for a large file. */
  all(): RowEntry[] {
    return this.between(0, this.document.lineCount - 1);
  }
}

export function entryOf(
  region: Region | BadRegion,
  outcome: Outcome | undefined,
  alignments = new Alignments(),
): RowEntry {
  if ("problem" in region) return { kind: "bad", region };
  if (!outcome) return { kind: "waiting", region };
  if (outcome.kind === "failed") return { kind: "failed", region, problem: outcome.problem };
  const texts = textsOf(outcome.row, region.row);
  const row: ScoredRow = { ...outcome.row, row: region.row.row, place: region.row.place, texts };
  const completions = row.scores.map(
    (score, i) => new ScoredText(region, i, score, texts[i] ?? "", alignments, row.scores),
  );
  return { kind: "scored", region, row, completions };
}

export function rangeIn(document: vscode.TextDocument, { start, end }: OffsetRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
