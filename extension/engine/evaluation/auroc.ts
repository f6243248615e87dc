/** Area under the ROC curve: the probability that a correct completion outscores an incorrect one; ties count half. */

/** A finite reward with its label. */
export interface LabeledReward {
  readonly reward: number;
  /** Whether the completion is correct. */
  readonly label: boolean;
  /** Index of the prompt, which the bootstrap resamples. */
  readonly prompt: number;
}

export interface GroupedReward extends LabeledReward {
  readonly group: string;
}

/** Unweighted mean AUROC of the groups with both correct and incorrect completions. */
export interface GroupsAuroc {
  /** Undefined if there is no such group. */
  readonly auroc: number | undefined;
  /** Number of such groups. */
  readonly groups: number;
}

/** Computes the Mann-Whitney U statistic with one sort, in O(n log n). Returns undefined if a class is empty. */
export function auroc(positive: readonly number[], negative: readonly number[]): number | undefined {
  const labeled = (label: boolean) => (reward: number) => ({ reward, label, prompt: 0 });
  return new RankedRewards([...positive.map(labeled(true)), ...negative.map(labeled(false))]).auroc([1]);
}

export function withinGroups(rows: readonly Omit<GroupedReward, "prompt">[]): GroupsAuroc {
  return new GroupedRewards(rows.map((row) => ({ ...row, prompt: 0 }))).auroc([1]);
}

/** Sorts rewards once, so that each bootstrap resample takes one pass. */
export class RankedRewards {
  readonly #ranked: readonly LabeledReward[];

  constructor(rewards: readonly LabeledReward[]) {
    this.#ranked = [...rewards].sort((a, b) => a.reward - b.reward);
  }

  /** @param weights per prompt, how many times its completions count */
  auroc(weights: ArrayLike<number>): number | undefined {
    let [won, positives, negatives] = [0, 0, 0];
    let tie = { reward: Number.NaN, positives: 0, negatives: 0 };
    const closeTie = (): void => {
      won += tie.positives * (negatives + tie.negatives / 2);
      positives += tie.positives;
      negatives += tie.negatives;
    };
    for (const { reward, label, prompt } of this.#ranked) {
      if (reward !== tie.reward) {
        closeTie();
        tie = { reward, positives: 0, negatives: 0 };
      }
      tie[label ? "positives" : "negatives"] += weights[prompt] ?? 0;
    }
    closeTie();
    return positives > 0 && negatives > 0 ? won / (positives * negatives) : undefined;
  }
}

/** Compares rewards only within their group. */
export class GroupedRewards {
  readonly #groups: readonly RankedRewards[];

  constructor(rewards: readonly GroupedReward[]) {
    const groups = new Map<string, GroupedReward[]>();
    for (const reward of rewards) {
      const members = groups.get(reward.group);
      if (members) members.push(reward);
      else groups.set(reward.group, [reward]);
    }
    this.#groups = [...groups.values()].map((members) => new RankedRewards(members));
  }

  auroc(weights: ArrayLike<number>): GroupsAuroc {
    const known = this.#groups.map((group) => group.auroc(weights)).filter((value) => value !== undefined);
    const total = known.reduce((sum, value) => sum + value, 0);
    return { auroc: known.length > 0 ? total / known.length : undefined, groups: known.length };
  }
}
