/** A document whose completions are scored: its rows, their scores, and the tokens with their places in the text. */
import * as vscode from "vscode";
import type { ScoredCompletion, TokenScore } from "../engine/scoring/score";
import type { ScoredRow } from "../engine/scoring/stream";
import { alignCompletion } from "./regions/align";
import type { BadRegion, OffsetRange, Region } from "./regions/region";
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

  /** Offsets in the document of a stretch of the text; none where the document does not hold it. */
  rangesOf({ start, end }: OffsetRange): OffsetRange[] {
    const placed = this.region.completions[this.index];
    if (!placed) return [];
    const { alignments } = this.outcome;
    const alignment = alignments.get(this.index) ?? alignCompletion(placed, this.text);
    alignments.set(this.index, alignment);
    const from = this.region.start;
    return alignment
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
