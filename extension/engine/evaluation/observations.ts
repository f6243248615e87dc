/** Collects what the metrics need from scored rows: only numbers, so that large datasets fit in memory. */
import { createHash } from "node:crypto";
import type { ScoredCompletion, ScoredRow, TokenScores } from "../../protocol/scores";
import type { Completion, DatasetRow } from "../data/rows/row";
import type { LabeledReward } from "./auroc";
import type { StepwiseTokens } from "./localization";
import type { RewardPair } from "./pair-accuracy";
import { partialRewards } from "./partial";

/** A completion that the data labels as correct or incorrect. */
export interface LabeledCompletion extends LabeledReward {
  readonly group: string | undefined;
  /** One reward per share of the completion, or undefined if they are unknown. */
  readonly partial: readonly number[] | undefined;
}

export class Observations {
  rows = 0;
  completions = 0;
  /** Number of completions without a finite reward. */
  withoutReward = 0;
  readonly rewards: number[] = [];
  readonly pairs: RewardPair[] = [];
  readonly labeled: LabeledCompletion[] = [];
  /** The solutions of each goal state. */
  readonly stepwise: ReadonlyMap<string, StepwiseTokens[]>;
  readonly #prompts = new Map<string, number>();

  constructor(goals: readonly string[]) {
    this.stepwise = new Map(goals.map((goal) => [goal, []]));
  }

  /** Number of distinct prompts. */
  get prompts(): number {
    return this.#prompts.size;
  }

  add(row: DatasetRow, { scores, texts }: ScoredRow): void {
    this.rows++;
    const rewardOf = (role: string): number | undefined =>
      scores.find((score) => score.role === role)?.reward ?? undefined;
    const [chosen, rejected] = [rewardOf("chosen"), rewardOf("rejected")];
    const first = row.completions[0];
    if (first && chosen !== undefined && rejected !== undefined)
      this.pairs.push({ chosen, rejected, prompt: this.#promptOf(first) });
    row.completions.forEach((completion, i) => {
      const score = scores[i];
      if (score) this.#addCompletion(completion, score, texts[i] ?? "", row.group);
    });
  }

  #addCompletion(
    completion: Completion,
    score: ScoredCompletion,
    text: string,
    group: string | undefined,
  ): void {
    const { reward, rewardToken, tokenScores } = score;
    const { label } = completion;
    this.completions++;
    if (reward === null) this.withoutReward++;
    else this.rewards.push(reward);
    if (reward !== null && label !== undefined) {
      // Ends at the reward token, so that the partial reward of the whole completion is its reward.
      const read = tokenScores?.partialRewards?.subarray(0, (rewardToken ?? -1) + 1);
      const partial = partialRewards(read ?? []);
      this.labeled.push({ reward, label, prompt: this.#promptOf(completion), group, partial });
    }
    const steps = judgedSteps(completion, text);
    if (!steps || !tokenScores || tokenScores.ids.length === 0) return;
    for (const [goal, completions] of this.stepwise)
      completions.push({ ...steps, ...ranges(tokenScores, goal) });
  }

  /** Identifies prompts by a digest, because whole dialogues would take too much memory. */
  #promptOf({ prompt }: Completion): number {
    const digest = createHash("sha256").update(JSON.stringify(prompt)).digest("base64");
    const index = this.#prompts.get(digest) ?? this.#prompts.size;
    this.#prompts.set(digest, index);
    return index;
  }
}

/**
 * Locates the steps in the scored text, and the first incorrect one. Returns undefined if the data does not label the
 * steps or a chat template rewrote the text.
 */
function judgedSteps(
  { completion, steps = [], label }: Completion,
  text: string,
): Pick<StepwiseTokens, "steps" | "firstWrong"> | undefined {
  // Templates trim whitespace around a turn.
  const trimmed = typeof completion === "string" ? completion.indexOf(text) : -1;
  const wrong = steps.findIndex(({ correct }) => correct === false);
  // A neutral step in a correct solution does not count as an error.
  const isRight = wrong < 0 && (label === true || steps.every(({ correct }) => correct === true));
  if (steps.length === 0 || trimmed < 0 || (wrong < 0 && !isRight)) return undefined;
  return {
    steps: steps.map(({ start }) => Math.max(0, start - trimmed)),
    firstWrong: wrong < 0 ? undefined : wrong,
  };
}

function ranges(
  { q, starts, ends }: TokenScores,
  goal: string,
): Pick<StepwiseTokens, "q" | "starts" | "ends"> {
  return { q: q[goal] ?? new Float32Array(starts.length).fill(Number.NaN), starts, ends };
}
