/** A document whose completions are scored: its rows, their scores, and the tokens with their places in the text. */
import * as vscode from "vscode";
import type { ScoredCompletion, ScoredRow, TokenScore } from "../../protocol/scores";
import type { DocumentRows } from "../documents/document-rows";
import { type Alignment, alignCompletion } from "../documents/regions/align";
import type { BadRegion, OffsetRange, Region } from "../documents/regions/region";
import type { Outcome, ScoredOutcome } from "./score-cache";

/** A row and what is known of it. `scoring` and `waiting` rows have no shading. */
export type Entry =
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

/** One completion with its tokens. */
export class ScoredText {
  /** Of this region: equal scores may be written in another layout. */
  #alignment: Alignment | undefined;

  constructor(
    readonly region: Region,
    readonly index: number,
    private readonly outcome: ScoredOutcome,
    readonly score: ScoredCompletion,
  ) {}

  /** By which token offsets count. */
  get text(): string {
    return this.outcome.row.texts[this.index] ?? "";
  }

  get tokens(): readonly TokenScore[] {
    return this.score.tokenScores ?? [];
  }

  /** Tokens of all completions of the row. */
  get rowTokens(): (readonly TokenScore[])[] {
    return this.outcome.row.scores.map(({ tokenScores = [] }) => tokenScores);
  }

  /** Offsets in the document of a stretch of the text; none if the document does not hold it. */
  rangesOf({ start, end }: OffsetRange): OffsetRange[] {
    const placed = this.region.completions[this.index];
    if (!placed) return [];
    this.#alignment ??= alignCompletion(placed, this.text);
    const from = this.region.start;
    return this.#alignment
      .ranges(start, end)
      .map((range) => ({ start: from + range.start, end: from + range.end }));
  }

  /** Index of the token at an offset of the document; undefined: none is there. */
  tokenAt(offset: number): number | undefined {
    const found = this.tokens.findIndex((token) =>
      this.rangesOf(token).some(({ start, end }) => start <= offset && offset < end),
    );
    return found < 0 ? undefined : found;
  }
}

/** One document that is scored. */
export class ScoredDocument {
  constructor(
    readonly rows: DocumentRows,
    private readonly outcomeOf: (region: Region) => Outcome | undefined,
  ) {}

  get document(): vscode.TextDocument {
    return this.rows.document;
  }

  /** Rows that have a line in [from, to], in order, with their scores. */
  between(from: number, to: number): Entry[] {
    return this.rows.between(from, to).map((region) => this.entry(region));
  }

  /** What is known of a row now. */
  entry(region: Region | BadRegion): Entry {
    return entryOf(region, "problem" in region ? undefined : this.outcomeOf(region));
  }

  /** The row at a place of the document. */
  at(position: vscode.Position): Entry | undefined {
    const offset = this.document.offsetAt(position);
    const entries = this.between(position.line, position.line);
    const found = entries.find(({ region }) => region.start <= offset && offset <= region.end) ?? entries[0];
    return found ?? this.#answerTo(position.line);
  }

  /** The row that comes next, where what stands before it is its prompt, as a user's turn is. */
  #answerTo(line: number): Entry | undefined {
    if (this.rows.isPaged) return undefined;
    const [next] = this.rows.between(line, this.document.lineCount - 1);
    const isPrompt = next && "row" in next && next.prompt.some(({ start }) => start < 0);
    return isPrompt ? this.entry(next) : undefined;
  }

  /** All rows; of a large file reading them takes a while. */
  all(): Entry[] {
    return this.between(0, this.document.lineCount - 1);
  }
}

export function entryOf(region: Region | BadRegion, outcome: Outcome | undefined): Entry {
  if ("problem" in region) return { kind: "bad", region };
  if (!outcome) return { kind: "waiting", region };
  if (outcome.kind === "failed") return { kind: "failed", region, problem: outcome.problem };
  const { row } = outcome;
  const completions = row.scores.map((score, i) => new ScoredText(region, i, outcome, score));
  return { kind: "scored", region, row, completions };
}

export function rangeIn(document: vscode.TextDocument, { start, end }: OffsetRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
