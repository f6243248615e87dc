/** A reward model without weights: each character is a token, and scores are known functions of the prefix. */

import type { DatasetRow } from "../../extension/engine/data/rows/row";
import type { KeyValues, Past } from "../../extension/engine/runtime/key-values";
import type {
  BatchScores,
  GoalMatrix,
  KeptScores,
  ScoringSession,
} from "../../extension/engine/runtime/session";
import type { Encoder } from "../../extension/engine/scoring/encode";
import { PrefixStore } from "../../extension/engine/scoring/prefixes/prefix-store";
import type { RewardModel } from "../../extension/engine/scoring/reward-model";
import type { Tokenizer } from "../../extension/engine/tokenizer/tokenizer";

export const hiddenSize = 2;
/** Id of the end-of-sequence token, which is appended to plain text. */
export const eosId = 0;
/** Id of `~`, the token for unknown characters. */
export const unknownId = 126;
/** Characters with this id or above have no row in the embedding. */
export const embeddingRows = 256;

export interface FakeOptions {
  /** Reward after these tokens, `mixed` by default; null if the model has no reward head. */
  readonly reward?: ((ids: readonly number[]) => number) | null;
  /** Cosine similarity with prototype `goal` after these tokens. */
  readonly q?: (ids: readonly number[], goal: number) => number;
  /** [hiddenSize] hidden state after these tokens. */
  readonly hidden?: (ids: readonly number[]) => readonly number[];
  readonly lengthBoundary?: number;
  readonly canReuse?: boolean;
  readonly capacity?: number;
}

export interface FakeModel {
  readonly model: RewardModel;
  /** Tokens of each row of each call, as passed to the session. */
  readonly runs: readonly (readonly (readonly number[])[])[];
}

/** A small integer that depends on each token and its position, so that prefixes rarely share it. */
export function mixed(ids: readonly number[]): number {
  return ids.reduce((total, id, i) => (total * 31 + id + i) % 9973, 7);
}

export function fakeModel(options: FakeOptions = {}): FakeModel {
  const { lengthBoundary = Number.POSITIVE_INFINITY, canReuse = false, capacity = 1e6 } = options;
  const runs: number[][][] = [];
  /** The tokens that these keys and values represent. */
  const known = new WeakMap<KeyValues, readonly number[]>();

  function scored(rows: readonly Int32Array[], goals: GoalMatrix, past: readonly number[]): BatchScores {
    runs.push(rows.map((row) => [...row]));
    const length = Math.max(...rows.map((row) => row.length));
    const each = <T>(score: (ids: readonly number[]) => readonly T[], padding: readonly T[]): T[] =>
      rows.flatMap((row) =>
        Array.from({ length }, (_, t) =>
          t < row.length ? score([...past, ...row.subarray(0, t + 1)]) : padding,
        ).flat(),
      );
    const { reward = mixed, q = (ids, goal) => ((mixed(ids) + 5 * goal) % 64) / 64, hidden } = options;
    const indices = Array.from({ length: goals.count }, (_, goal) => goal);
    return {
      length,
      // The scores of padding must never be read.
      q: Float32Array.from(
        each(
          (ids) => indices.map((goal) => q(ids, goal)),
          indices.map(() => 1e9),
        ),
      ),
      partialReward: reward ? Float32Array.from(each((ids) => [reward(ids)], [1e9])) : undefined,
      hidden: hidden && Float32Array.from(each(hidden, [1e9, 1e9])),
    };
  }

  const session: Pick<ScoringSession, "run" | "runKeeping" | "canReuse" | "lengthBoundary" | "release"> = {
    canReuse,
    lengthBoundary,
    run: async (rows, goals, wantsHidden) => {
      const { hidden, ...scores } = scored(rows, goals, []);
      return { ...scores, hidden: wantsHidden ? hidden : undefined };
    },
    runKeeping: async (rows: readonly Int32Array[], goals: GoalMatrix, past?: Past): Promise<KeptScores> => {
      const before = past ? (known.get(past.keyValues) ?? []).slice(0, past.length) : [];
      const scores = scored(rows, goals, before);
      const keyValues = rows.map((row) => {
        const own: KeyValues = { tensors: [], bytes: 8 * (before.length + row.length) };
        known.set(own, [...before, ...row]);
        return own;
      });
      return { scores, keyValues };
    },
    release: async () => undefined,
  };
  const model: Pick<RewardModel, "hiddenSize" | "prefixes" | "session" | "opened"> = {
    hiddenSize,
    prefixes: new PrefixStore(capacity, lengthBoundary),
    session: session as ScoringSession,
    opened: { encoder: fakeEncoder() } as RewardModel["opened"],
  };
  return { model: model as RewardModel, runs };
}

/** An encoder without a chat template that appends the end-of-sequence token to plain text. */
export function fakeEncoder(append: Encoder["eos"]["append"] = "plain-text"): Encoder {
  const tokenizer: Pick<Tokenizer, "encode" | "tokenText" | "config"> = {
    config: {
      bosToken: undefined,
      eosToken: { id: eosId, text: "<eos>" },
      unknownToken: { id: unknownId, text: "~" },
      padToken: undefined,
      addsEos: false,
      chatTemplate: undefined,
      specialTokens: {},
    },
    encode: (text) => ({
      ids: codesOf(text),
      starts: Array.from({ length: text.length }, (_, i) => i),
      ends: Array.from({ length: text.length }, (_, i) => i + 1),
    }),
    tokenText: (id) => (id === eosId ? "<eos>" : String.fromCharCode(id)),
  };
  return {
    tokenizer: tokenizer as Tokenizer,
    template: undefined,
    eos: { append, reason: "" },
    embeddingRows,
    rewardToken: { kind: "last", padId: undefined, origin: "" },
  };
}

/** Encodes a text without the end-of-sequence token. */
export function codesOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

/** Makes a row of completions with the given texts and one role. */
export function samplesOf(row: number, prompt: string, ...texts: readonly string[]): DatasetRow {
  const completions = texts.map((completion) => ({ role: "completion" as const, prompt, completion }));
  return { row, place: `x:${row + 1}`, completions };
}

export async function* inTurn<T>(...values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
