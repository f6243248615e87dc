/** Plants one mistake in a correct solution and carries it through to an incorrect answer. */
import { type Draft, draftsOf, type MistakeKind } from "./drafts";
import { pickWeighted, shuffled } from "./draw";
import { rightSolution, type WordProblem } from "./problem";
import { equationText, solutionText, workOut } from "./solution";

export interface Mistake {
  /** The incorrect completion. */
  readonly solution: string;
  readonly kind: MistakeKind;
  /** 0-based index of the first incorrect line. */
  readonly step: number;
  /**
   * UTF-16 offset of the first character in the completion that differs from the correct solution. If the completion is
   * a prefix of the correct solution, the offset of its last character.
   */
  readonly at: number;
  /** UTF-16 range of the incorrect line, without its line break. */
  readonly start: number;
  readonly end: number;
}

const kinds: readonly { readonly kind: MistakeKind; readonly weight: number }[] = [
  { kind: "slip", weight: 30 },
  { kind: "operand", weight: 20 },
  { kind: "operation", weight: 17 },
  { kind: "dropped", weight: 16 },
  { kind: "not-carried", weight: 17 },
];

/**
 * Draws the kind of mistake first, then its step, then a draft of it. A draft is discarded if a number would leave the
 * range, a division would not be exact or the answer would still be correct.
 */
export function plantMistake(problem: WordProblem, random: () => number): Mistake {
  let left = kinds;
  while (left.length > 0) {
    const { kind } = pickWeighted(random, left);
    for (const place of shuffled(random, draftsOf(kind, problem))) {
      for (const draft of shuffled(random, place)) {
        const mistake = worked(draft, problem);
        if (mistake) return { kind, ...mistake };
      }
    }
    left = left.filter((other) => other.kind !== kind);
  }
  // Unreachable: a last result that is off by one is always possible.
  throw new Error(`no mistake can be planted in: ${problem.question}`);
}

/**
 * @returns undefined if the results cannot be computed, the answer is correct, or the first line that differs has the
 * correct equation
 */
function worked({ steps, answer }: Draft, problem: WordProblem): Omit<Mistake, "kind"> | undefined {
  const equations = workOut(steps);
  const given = answer ?? equations?.at(-1)?.result;
  if (!equations || given === undefined || given === problem.answer) return undefined;
  const found = located(solutionText(equations, given), rightSolution(problem));
  const [own, right] = [equations[found.step], workOut(problem.steps)?.[found.step]];
  return own && right && equationText(own) === equationText(right) ? undefined : found;
}

function located(solution: string, right: string): Omit<Mistake, "kind"> {
  let at = 0;
  while (at < solution.length - 1 && solution[at] === right[at]) at++;
  const start = solution.lastIndexOf("\n", at - 1) + 1;
  const end = `${solution}\n`.indexOf("\n", at);
  return { solution, step: solution.slice(0, start).split("\n").length - 1, at, start, end };
}
