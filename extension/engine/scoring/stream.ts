/** Scores a dataset as it is read. Completions of a window are batched by length; rows keep their order. */
import type { CompletionScores, ScoredCompletion, ScoredRow } from "../../protocol/scores";
import type { BadRow, DatasetRow } from "../data/rows/row";
import { planBatches } from "./batches";
import { type EncodedCompletion, type EncodeOptions, encodeRow } from "./encode";
import { scoreOnPrefixes } from "./prefixes/prefix-reuse";
import type { RewardModel } from "./reward-model";
import { completionScores, type Goals, scoreBatch } from "./score";

export interface ScoreOptions extends EncodeOptions {
  readonly goals: Goals;
  /** Whether to return scores for every token. */
  readonly wantsTokens: boolean;
  /** Maximum number of tokens per batch, padding included. */
  readonly batchTokens: number;
  /** Reuses prefixes shared with recently scored sequences, if the device supports it. */
  readonly reuse?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Window sizes in batches. Small first windows return rows early; larger ones waste less on padding. */
const firstWindow = 4;
const lastWindow = 64;
/** Windows stop growing when one takes this many milliseconds, so that rows keep arriving. */
const patience = 5000;

/** Yields scored rows in order, one window at a time. After an abort, throws the signal's reason within one batch. */
export async function* scoreRows(
  model: RewardModel,
  rows: AsyncIterable<DatasetRow | BadRow>,
  options: ScoreOptions,
): AsyncGenerator<readonly (ScoredRow | BadRow)[]> {
  let window = new Window(model, options);
  let size = firstWindow;
  for await (const row of rows) {
    options.signal?.throwIfAborted();
    window.add(row);
    if (window.isSmallerThan(size * options.batchTokens)) continue;
    const start = performance.now();
    const scored = await window.score();
    if (performance.now() - start < patience) size = Math.min(2 * size, lastWindow);
    yield scored;
    window = new Window(model, options);
  }
  if (!window.isEmpty) yield await window.score();
}

/** A group of rows that are batched together. */
class Window {
  #tokens = 0;
  readonly #rows: (BadRow | { readonly row: DatasetRow; readonly encoded: readonly EncodedCompletion[] })[] =
    [];

  constructor(
    private readonly model: RewardModel,
    private readonly options: ScoreOptions,
  ) {}

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** Rows are limited too, because bad rows have no tokens and could accumulate without limit. */
  isSmallerThan(tokens: number): boolean {
    return this.#tokens < tokens && this.#rows.length < tokens;
  }

  /** A row that cannot be encoded becomes a bad row. */
  add(row: DatasetRow | BadRow): void {
    if ("problem" in row) {
      this.#rows.push(row);
      return;
    }
    const encoded = encodeRow(this.model.opened.encoder, row, this.options);
    if ("problem" in encoded) {
      this.#rows.push(encoded);
      return;
    }
    this.#tokens += encoded.completions.reduce((total, { ids }) => total + ids.length, 0);
    this.#rows.push({ row, encoded: encoded.completions });
  }

  async score(): Promise<(ScoredRow | BadRow)[]> {
    const all = this.#rows.flatMap((entry) => ("problem" in entry ? [] : entry.encoded));
    const reuses = this.options.reuse && this.model.session.canReuse;
    const scores = await (reuses ? this.#onPrefixes(all) : this.#inBatches(all));
    return this.#rows.map((entry) =>
      "problem" in entry ? entry : scoredRow(entry.row, entry.encoded, scores),
    );
  }

  async #inBatches(
    all: readonly EncodedCompletion[],
  ): Promise<ReadonlyMap<EncodedCompletion, CompletionScores>> {
    const { model, options } = this;
    const batches = planBatches(
      all.map(({ ids }) => ids.length),
      { maxTokens: options.batchTokens, boundary: model.session.lengthBoundary },
    );
    const scores = new Map<EncodedCompletion, CompletionScores>();
    for (const batch of batches) {
      options.signal?.throwIfAborted();
      const members = batch.map((i) => all[i]).filter((member) => member !== undefined);
      const results = await scoreBatch(model, members, options.goals, options.wantsTokens);
      members.forEach((member, i) => {
        const result = results[i];
        if (result) scores.set(member, result);
      });
    }
    return scores;
  }

  async #onPrefixes(
    all: readonly EncodedCompletion[],
  ): Promise<ReadonlyMap<EncodedCompletion, CompletionScores>> {
    const { model, options } = this;
    const { goals, batchTokens, signal, wantsTokens } = options;
    const sequences = await scoreOnPrefixes(
      model.session,
      model.prefixes,
      all.map(({ ids }) => ids),
      { goals: goals.matrix, batchTokens, signal },
    );
    return new Map(
      sequences.flatMap((sequence, i) => {
        const member = all[i];
        return member ? [[member, completionScores(model, member, sequence, goals, wantsTokens)]] : [];
      }),
    );
  }
}

function scoredRow(
  row: DatasetRow,
  encoded: readonly EncodedCompletion[],
  scores: ReadonlyMap<EncodedCompletion, CompletionScores>,
): ScoredRow {
  const scored = encoded.flatMap((completion, i): ScoredCompletion[] => {
    const result = scores.get(completion);
    return result ? [{ row: row.row, role: row.completions[i]?.role ?? "completion", ...result }] : [];
  });
  const texts = encoded.map(({ text }) => text);
  return {
    row: row.row,
    place: row.place,
    texts,
    scores: markIdentical(scored, texts),
  };
}

/** Warns about equal rewards for different texts, which suggest that truncation or padding hid the difference. */
function markIdentical(scores: readonly ScoredCompletion[], texts: readonly string[]): ScoredCompletion[] {
  return scores.map((score, i) => {
    const twin = scores.findIndex((other, j) => texts[j] !== texts[i] && isSame(score.reward, other.reward));
    const name = scores[twin]?.role === "completion" ? `${ordinal(twin)}` : scores[twin]?.role;
    return name === undefined
      ? score
      : { ...score, warnings: [...score.warnings, { kind: "identical-scores", with: name }] };
  });
}

/** Compares rewards up to float32 rounding differences from the order of summation. */
function isSame(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
}

function ordinal(index: number): string {
  return `${index + 1}.`;
}
