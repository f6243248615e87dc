/** Texts and checks for computing a goal state. Pure. */
import type { GoalStrategy } from "../protocol/goals";

export const strategyHelp: Readonly<Record<GoalStrategy, { readonly name: string; readonly help: string }>> =
  {
    last: { name: "Mean of the last tokens", help: "The paper's choice: the ends of preferred completions." },
    random: {
      name: "Mean of one random token per completion",
      help: "What all parts of preferred completions have in common.",
    },
    kmeans: {
      name: "Centers of the last tokens (k-means)",
      help: "Eight centers; Q is the cosine with the nearest.",
    },
  };

/** What is wrong with a name for a goal state, or a remark if it replaces an existing one. */
export function nameProblem(
  name: string,
  known: readonly string[],
): { readonly text: string; readonly isRemark: boolean } | undefined {
  if (!/^[\w.-]+$/.test(name)) return { text: "Use letters, digits, '.', '_' and '-'.", isRemark: false };
  return known.includes(name)
    ? { text: `This replaces the model's goal state ${name}.`, isRemark: true }
    : undefined;
}
