/** From a batch of encoded completions to their scores. */
import { createHash } from "node:crypto";
import type { TokenScores } from "../../protocol/scores";
import type { GoalState } from "../checkpoint/goals/goal-state";
import type { CompletionRole } from "../data/rows/row";
import type { GoalMatrix } from "../runtime/session";
import type { EncodedCompletion } from "./encode";
import { rowOf, type SequenceScores } from "./prefixes/sequence-scores";
import type { RewardModel } from "./reward-model";
import type { Warning } from "./warning";

/** Q-values of a completion's tokens, by goal state. `last`: at the token whose hidden state gives the reward. */
export interface QSummary {
  readonly min: number | null;
  readonly mean: number | null;
  readonly last: number | null;
}

/** Numbers are float32 values. null: it is not a number, or the model has no reward head. */
export interface CompletionScores {
  readonly reward: number | null;
  readonly q: Readonly<Record<string, QSummary>>;
  /** Tokens of the completion that were scored. */
  readonly tokens: number;
  /** Tokens cut off the end because the sequence was too long. */
  readonly truncated: number;
  readonly warnings: readonly Warning[];
  readonly tokenScores?: TokenScores;
}

/** One line of `score --out`. */
export interface ScoredCompletion extends CompletionScores {
  readonly row: number;
  readonly role: CompletionRole;
}

/** Goal states of one request, stacked for the graph. */
export class Goals {
  readonly matrix: GoalMatrix;

  constructor(
    private readonly states: readonly GoalState[],
    hiddenSize: number,
  ) {
    const count = states.reduce((total, { prototypes }) => total + prototypes, 0);
    const data = new Float32Array(count * hiddenSize);
    let at = 0;
    for (const state of states) {
      data.set(state.data, at);
      at += state.data.length;
    }
    this.matrix = { count, data };
  }

  /** Of names and vectors: other goal states have another. */
  get digest(): string {
    const hash = createHash("sha256");
    for (const { name, prototypes, data } of this.states)
      hash
        .update(`${name.length}:${name}:${prototypes}:`)
        .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return hash.digest("base64");
  }

  get names(): readonly string[] {
    return this.states.map(({ name }) => name);
  }

  /**
   * Q-values [T] by goal state from the cosines with every prototype, [T,count]: the nearest prototype counts. A value
   * that is not finite is NaN.
   */
  columns(cosines: Float32Array): Record<string, Float32Array> {
    const { count } = this.matrix;
    const tokens = count === 0 ? 0 : cosines.length / count;
    const columns: Record<string, Float32Array> = {};
    let first = 0;
    for (const { name, prototypes } of this.states) {
      const column = new Float32Array(tokens);
      for (let t = 0; t < tokens; t++) {
        let nearest = Number.NEGATIVE_INFINITY;
        for (let at = t * count + first; at < t * count + first + prototypes; at++)
          nearest = Math.max(nearest, cosines[at] ?? Number.NaN);
        column[t] = finite(nearest);
      }
      columns[name] = column;
      first += prototypes;
    }
    return columns;
  }
}

/** Scores of one batch of encoded completions. Empty sequences get no reward. */
export async function scoreBatch(
  model: RewardModel,
  batch: readonly EncodedCompletion[],
  goals: Goals,
  wantsTokens: boolean,
): Promise<CompletionScores[]> {
  const scores = await model.session.run(
    batch.map(({ ids }) => ids),
    goals.matrix,
  );
  return batch.map((completion, b) =>
    completionScores(
      model,
      completion,
      rowOf(scores, b, completion.ids.length, goals.matrix.count),
      goals,
      wantsTokens,
    ),
  );
}

/** Scores of a completion from those of its sequence. */
export function completionScores(
  model: RewardModel,
  completion: EncodedCompletion,
  { q, partialReward }: SequenceScores,
  goals: Goals,
  wantsTokens: boolean,
): CompletionScores {
  const { firstToken, ids } = completion;
  const columns = goals.columns(q.subarray(firstToken * goals.matrix.count));
  const partialRewards = partialReward?.slice(firstToken, ids.length).map(finite);
  // If nothing of the completion is left, the reward is still read at the last token, as trainers do.
  const last = partialReward?.[ids.length - 1];
  const scores: CompletionScores = {
    reward: last === undefined ? null : numberOf(last),
    q: Object.fromEntries(goals.names.map((name) => [name, summary(columns[name] ?? new Float32Array())])),
    tokens: ids.length - firstToken,
    truncated: completion.truncated,
    warnings: withNaN(completion.warnings, ids.length - firstToken, [
      ...Object.values(columns),
      ...(partialRewards ? [partialRewards] : []),
    ]),
  };
  if (!wantsTokens) return scores;
  const { starts, ends } = completion;
  const own = ids.slice(firstToken);
  return {
    ...scores,
    tokenScores: {
      ids: own,
      starts,
      ends,
      ...(partialRewards ? { partialRewards } : {}),
      q: columns,
      ownTexts: ownTexts(model, completion, own),
    },
  };
}

/** Texts of tokens that are not what the completion has at their place. */
function ownTexts(
  model: RewardModel,
  { text, starts, ends }: EncodedCompletion,
  ids: Int32Array,
): Record<number, string> {
  const { tokenizer } = model.opened.encoder;
  const known = new Map<number, string>();
  const own: Record<number, string> = {};
  ids.forEach((id, t) => {
    const token = known.get(id) ?? tokenizer.tokenText(id);
    known.set(id, token);
    if (token !== text.slice(starts[t], ends[t])) own[id] = token;
  });
  return own;
}

/** values: [T]; NaN is left out. */
function summary(values: Float32Array): QSummary {
  let [known, total, min] = [0, 0, Number.POSITIVE_INFINITY];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    known++;
    total += value;
    min = Math.min(min, value);
  }
  if (known === 0) return { min: null, mean: null, last: null };
  return { min, mean: Math.fround(total / known), last: numberOf(values.at(-1) ?? Number.NaN) };
}

/** columns: [T] each. */
function withNaN(
  warnings: readonly Warning[],
  length: number,
  columns: readonly Float32Array[],
): readonly Warning[] {
  let tokens = 0;
  for (let t = 0; t < length; t++) if (columns.some((column) => Number.isNaN(column[t]))) tokens++;
  return tokens > 0 ? [...warnings, { kind: "nan", tokens }] : warnings;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

function numberOf(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
