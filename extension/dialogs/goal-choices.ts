/** What is asked when a goal state is computed. Pure. */
import type { GoalStrategy } from "../protocol/goals";

export const strategyHelp: Readonly<Record<GoalStrategy, { readonly name: string; readonly help: string }>> =
  {
    last: { name: "Mean of the last tokens", help: "The paper's: where a preferred completion ends." },
    random: {
      name: "Mean of a random token of each",
      help: "What preferred completions have in common throughout.",
    },
    kmeans: {
      name: "Centers of the last tokens (k-means)",
      help: "Eight of them; Q is the cosine with the nearest.",
    },
  };

/** What is wrong with a name for a goal state; a remark where it replaces one. */
export function nameProblem(
  name: string,
  known: readonly string[],
): { readonly text: string; readonly isRemark: boolean } | undefined {
  if (!/^[\w.-]+$/.test(name)) return { text: "Use letters, digits, '.', '_' and '-'.", isRemark: false };
  return known.includes(name)
    ? { text: `The model has a goal state called ${name}; it will be replaced.`, isRemark: true }
    : undefined;
}
