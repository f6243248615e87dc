/** Texts about rows and completions for lenses, hints and the status bar. Pure. */
import { marginOf, verdictOf, verdictSigns } from "../../display/margin";
import { percentileOf } from "../../display/percentile";
import { warningText } from "../../display/warning-text";
import { decimal, percent, rewardText } from "../../display/wording";
import type { ScoredCompletion } from "../../protocol/scores";
import type { Taken } from "../documents/regions/region";

/** Completions that a title lists; it counts the others. */
const named = 6;
/** Characters of a warning that a lens shows. */
const longestWarning = 48;

export interface RowWordingOptions {
  /** Goal state of the Q-values; undefined if the model has none. */
  readonly goal: string | undefined;
  /** Percentiles 0, 5, …, 100 of the model's rewards, if they are known. */
  readonly rewardQuantiles: readonly number[] | undefined;
}

/** `chosen +3.1 · rejected −1.5 · margin +4.6 ✓`; a single completion shows its reward, percentile and lowest Q. */
export function rowTitle(scores: readonly ScoredCompletion[], options: RowWordingOptions): string {
  const [only] = scores;
  if (only && scores.length === 1) return singleTitle(only, options);
  const parts = scores
    .slice(0, named)
    .map((score) => `${completionName(scores, score)} ${headline(score, options.goal)}`);
  if (scores.length > named) parts.push(`${scores.length - named} more`);
  const margin = marginText(scores);
  return [...parts, ...(margin === undefined ? [] : [margin])].join(" · ");
}

/** `margin +4.6 ✓`, or ✗ if the chosen completion does not rank first; undefined if the row is not a pair. */
export function marginText(scores: readonly ScoredCompletion[]): string | undefined {
  const [margin, verdict] = [marginOf(scores), verdictOf(scores)];
  return margin === undefined || verdict === undefined
    ? undefined
    : `margin ${rewardText(margin)} ${verdictSigns[verdict]}`;
}

/** `chosen`, or `completion 2` if several have the role. */
export function completionName(scores: readonly ScoredCompletion[], score: ScoredCompletion): string {
  const alike = scores.filter(({ role }) => role === score.role);
  return alike.length === 1 ? score.role : `${score.role} ${alike.indexOf(score) + 1}`;
}

/** Puts all warnings in one lens, short enough for the screen; its tooltip shows them in full. */
export function warningLens(
  texts: readonly string[],
): { readonly title: string; readonly tooltip: string } | undefined {
  const [only] = texts;
  if (only === undefined) return undefined;
  const short = only.length > longestWarning ? `${only.slice(0, longestWarning - 1)}…` : only;
  const title = texts.length === 1 ? `⚠ ${short}` : `⚠ ${texts.length} warnings`;
  return { title, tooltip: texts.join("\n") };
}

/** Returns one sentence per warning: `rejected: the completion is empty`. */
export function warningTexts(scores: readonly ScoredCompletion[]): string[] {
  return scores.flatMap((score) =>
    score.warnings.map((warning) => {
      const text = warningText(warning);
      return scores.length === 1 ? text : `${completionName(scores, score)}: ${text}`;
    }),
  );
}

/** `chosen +3.1 · margin +4.6 ✓` for the completion under the cursor. */
export function cursorText(
  scores: readonly ScoredCompletion[],
  score: ScoredCompletion,
  goal: string | undefined,
): string {
  const name = scores.length === 1 ? "reward" : completionName(scores, score);
  const parts = [`${score.reward === null && scores.length === 1 ? "" : `${name} `}${headline(score, goal)}`];
  const margin = marginText(scores);
  return [...parts, ...(margin === undefined ? [] : [margin])].join(" · ");
}

/** Says how a row was read, and why. */
export function takenTexts(taken: Taken): { readonly title: string; readonly tooltip: string } {
  return takenAs[taken];
}

const takenAs = {
  conversation: {
    title: "as a conversation",
    tooltip: "Its turns went through the model's chat template",
  },
  "plain-text": {
    title: "as plain text",
    tooltip: "The model has no chat template, so the turns before it are its prompt, one after another",
  },
  marked: {
    title: "marked by hand",
    tooltip:
      "All text before it is its prompt. To remove the marks, run Mark Selection as Completion with nothing selected",
  },
} as const satisfies Readonly<Record<Taken, unknown>>;

/** `reward +3.1`, shown at the end of a completion. */
export function hintText(score: ScoredCompletion, goal: string | undefined): string {
  return score.reward === null ? headline(score, goal) : `reward ${rewardText(score.reward)}`;
}

/** `higher than 91% of this model's completions`; undefined if the model's reward percentiles are not known. */
export function percentileText(
  reward: number | null,
  quantiles: readonly number[] | undefined,
): string | undefined {
  const share = reward === null ? undefined : percentileOf(reward, quantiles);
  if (share === undefined) return undefined;
  const [lowest = 0, highest = 0] = [quantiles?.[0], quantiles?.at(-1)];
  if (reward !== null && (reward < lowest || reward > highest)) return "outside this model's known rewards";
  return `higher than ${percent(share)} of this model's completions`;
}

function singleTitle(score: ScoredCompletion, { goal, rewardQuantiles }: RowWordingOptions): string {
  const reward = score.reward === null ? undefined : `reward ${rewardText(score.reward)}`;
  const parts = [reward, percentileText(score.reward, rewardQuantiles), lowestText(score, goal)];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? "no score" : known.join(" · ");
}

/** Returns the reward, or the lowest Q if the model has no reward head. */
function headline(score: ScoredCompletion, goal: string | undefined): string {
  if (score.reward !== null) return rewardText(score.reward);
  return lowestText(score, goal) ?? "no score";
}

function lowestText(score: ScoredCompletion, goal: string | undefined): string | undefined {
  const lowest = goal === undefined ? undefined : score.q[goal]?.min;
  return typeof lowest === "number" ? `lowest Q ${decimal(lowest)}` : undefined;
}
