/** Computes scores from encoded completions. */

import { createHash } from "node:crypto";
import type { RewardQuantiles } from "../../protocol/models";
import type { CompletionScores, QSummary, Warning } from "../../protocol/scores";
import type { GoalState } from "../checkpoint/goals/goal-state";
import type { GoalMatrix } from "../runtime/session";
import type { EncodedCompletion } from "./encode";
import { type SequenceScores, sequenceScoresOf } from "./prefixes/sequence-scores";
import type { RewardModel } from "./reward-model";

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

  /** Digest of names and vectors, which differs between different goal states. */
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
   * Returns Q-values [T] by goal state: the maximum over its prototypes of the cosines [T,count]. A value that is not
   * finite becomes NaN.
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

/** Scores one batch of encoded completions. Empty sequences get no reward. */
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
      sequenceScoresOf(scores, b, completion.ids.length, goals.matrix.count),
      goals,
      wantsTokens,
    ),
  );
}

/** Computes the scores of a completion from the scores of its sequence. */
export function completionScores(
  model: RewardModel,
  completion: EncodedCompletion,
  { q, partialReward }: SequenceScores,
  goals: Goals,
  wantsTokens: boolean,
): CompletionScores {
  const { firstToken, ids, rewardToken } = completion;
  const { count } = goals.matrix;
  const columns = goals.columns(q.subarray(firstToken * count));
  const { scale, rewardQuantiles } = model.opened;
  const scaled = (value: number): number => finite(scale ? (value - scale.mean) / scale.std : value);
  const partialRewards = partialReward?.slice(firstToken, ids.length).map(scaled);
  // If the completion was truncated completely or is all padding, both are read in the prompt, as in training.
  const last = goals.columns(q.subarray(rewardToken * count, (rewardToken + 1) * count));
  const reward = partialReward
    ? numberOf(Math.fround(scaled(partialReward[rewardToken] ?? Number.NaN)))
    : null;
  const scores: CompletionScores = {
    reward,
    rewardToken: rewardToken < firstToken ? null : rewardToken - firstToken,
    q: Object.fromEntries(
      goals.names.map((name) => [
        name,
        summary(columns[name] ?? new Float32Array(), last[name]?.[0] ?? Number.NaN),
      ]),
    ),
    tokens: ids.length - firstToken,
    truncated: completion.truncated,
    warnings: withNaN(
      [...completion.warnings, ...outsideKnown(reward, rewardQuantiles)],
      ids.length - firstToken,
      [...Object.values(columns), ...(partialRewards ? [partialRewards] : [])],
    ),
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

/** Returns the texts, by id, of tokens that differ from the completion's text in their range. */
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

/** Summarizes the values [T] of a completion's tokens; NaN is ignored. `last` is the value at the reward's token. */
export function summary(values: Float32Array, last: number): QSummary {
  let [known, total, min] = [0, 0, Number.POSITIVE_INFINITY];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    known++;
    total += value;
    min = Math.min(min, value);
  }
  if (known === 0) return { min: null, mean: null, last: numberOf(last) };
  return { min, mean: Math.fround(total / known), last: numberOf(last) };
}

/** Warns if a reward is outside the range of known rewards, because its meaning was never measured. */
function outsideKnown(reward: number | null, quantiles: RewardQuantiles | undefined): Warning[] {
  const [lowest, highest] = [quantiles?.[0], quantiles?.at(-1)];
  if (reward === null || lowest === undefined || highest === undefined || lowest >= highest) return [];
  return reward < lowest || reward > highest ? [{ kind: "outside-known-rewards", lowest, highest }] : [];
}

/** Adds a warning if a token has NaN in any of the `columns`, [T] each. */
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
