/** From a batch of encoded completions to their scores. */

import type { RewardQuantiles } from "../../protocol/models";
import type { CompletionScores, QSummary, TokenScore, Warning } from "../../protocol/scores";
import type { GoalState } from "../checkpoint/goals/goal-state";
import type { RewardScale } from "../checkpoint/heads/reward-layout";
import type { GoalMatrix } from "../runtime/session";
import type { EncodedCompletion } from "./encode";
import { rowOf, type SequenceScores } from "./prefixes/sequence-scores";
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

  get names(): readonly string[] {
    return this.states.map(({ name }) => name);
  }

  /** Q-value by goal from the cosines with every prototype: the nearest prototype counts. cosines: [count]. */
  values(cosines: Float32Array): Record<string, number | null> {
    const values: Record<string, number | null> = {};
    let at = 0;
    for (const { name, prototypes } of this.states) {
      values[name] = finite(Math.max(...cosines.subarray(at, at + prototypes)));
      at += prototypes;
    }
    return values;
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
  const { firstToken, ids, rewardToken } = completion;
  const { scale } = model.opened;
  const { count } = goals.matrix;
  const valuesAt = (t: number): Record<string, number | null> =>
    goals.values(q.subarray(t * count, (t + 1) * count));
  const values: Record<string, number | null>[] = [];
  const rewards: (number | null)[] = [];
  for (let t = firstToken; t < ids.length; t++) {
    values.push(valuesAt(t));
    rewards.push(partialReward ? rewardOf(partialReward[t], scale) : null);
  }
  // If nothing of the completion is left, or nothing but padding, both are read in the prompt, as trainers do.
  const last = rewardToken < 0 ? {} : valuesAt(rewardToken);
  const reward = partialReward ? rewardOf(partialReward[rewardToken], scale) : null;
  const warnings = [...completion.warnings, ...outsideKnown(reward, model.opened.rewardQuantiles)];
  const scores: CompletionScores = {
    reward,
    rewardToken: rewardToken < firstToken ? null : rewardToken - firstToken,
    q: Object.fromEntries(
      goals.names.map((name) => [
        name,
        summary(
          values.map((value) => value[name] ?? null),
          last[name] ?? null,
        ),
      ]),
    ),
    tokens: values.length,
    truncated: completion.truncated,
    warnings: withNaN(warnings, values, partialReward ? rewards : []),
  };
  return wantsTokens ? { ...scores, tokenScores: tokenScores(model, completion, values, rewards) } : scores;
}

function tokenScores(
  model: RewardModel,
  { ids, firstToken, starts, ends }: EncodedCompletion,
  values: readonly Record<string, number | null>[],
  rewards: readonly (number | null)[],
): TokenScore[] {
  const { tokenizer } = model.opened.encoder;
  return values.map((q, i) => {
    const id = ids[firstToken + i] ?? 0;
    return {
      id,
      text: tokenizer.tokenText(id),
      start: starts[i] ?? 0,
      end: ends[i] ?? 0,
      q,
      partialReward: rewards[i] ?? null,
    };
  });
}

/** Partial reward of a token; null if it is not a number. */
function rewardOf(raw: number | undefined, scale: RewardScale | undefined): number | null {
  const value = raw ?? Number.NaN;
  return finite(scale ? (value - scale.mean) / scale.std : value);
}

/** Summary of the values of a completion's tokens, however many; null stands for what is not a number. */
export function summary(values: readonly (number | null)[], last: number | null): QSummary {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { min: null, mean: null, last };
  const mean = known.reduce((total, value) => total + value, 0) / known.length;
  const min = known.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  return { min, mean: finite(mean), last };
}

/** A reward beyond those of the completions that the model was measured on is no praise: nothing says what it means. */
function outsideKnown(reward: number | null, quantiles: RewardQuantiles | undefined): Warning[] {
  const [lowest, highest] = [quantiles?.[0], quantiles?.at(-1)];
  if (reward === null || lowest === undefined || highest === undefined || lowest >= highest) return [];
  return reward < lowest || reward > highest ? [{ kind: "outside-known-rewards", lowest, highest }] : [];
}

function withNaN(
  warnings: readonly Warning[],
  values: readonly Record<string, number | null>[],
  rewards: readonly (number | null)[],
): readonly Warning[] {
  const tokens = values.filter(
    (value, i) => Object.values(value).includes(null) || rewards[i] === null,
  ).length;
  return tokens > 0 ? [...warnings, { kind: "nan", tokens }] : warnings;
}

/** A score as seven digits, all a float32 holds; null where it is not a number. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
}
