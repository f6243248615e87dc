/** Problems with a correct and an incorrect solution, and the dataset rows made from them. */
import { type Mistake, plantMistake } from "./mistake";
import { generateProblem, promptOf, rightSolution, type WordProblem } from "./problem";
import { withoutNouns } from "./scene";

export interface Example {
  readonly problem: WordProblem;
  readonly mistake: Mistake;
}

/**
 * Generates examples endlessly. A question that differs from an earlier one only in its nouns is skipped: in the test
 * data it would measure memorization.
 * @param seen questions without their nouns; those of the examples are added
 */
export function* examples(random: () => number, seen: Set<string>): Generator<Example, never> {
  for (;;) {
    const problem = generateProblem(random);
    const story = withoutNouns(problem.question);
    if (seen.has(story)) continue;
    seen.add(story);
    yield { problem, mistake: plantMistake(problem, random) };
  }
}

/** The first `count` examples of `examples`. */
export function takeExamples(count: number, random: () => number, seen: Set<string>): readonly Example[] {
  const endless = examples(random, seen);
  return Array.from({ length: count }, () => endless.next().value);
}

/** Texts to train a tokenizer on: each prompt with its correct completion, then with its incorrect one. */
export function* problemsAsText(from: Iterable<Example>): Generator<string> {
  for (const { problem, mistake } of from) {
    const prompt = promptOf(problem);
    yield prompt + rightSolution(problem);
    yield prompt + mistake.solution;
  }
}

/** A preference pair; `mistake` locates the mistake in the rejected completion. */
export function pairRow({ problem, mistake }: Example): object {
  return {
    prompt: promptOf(problem),
    chosen: rightSolution(problem),
    rejected: mistake.solution,
    mistake: whereabouts(mistake),
  };
}

/** Two labeled rows: the correct solution and the incorrect one. */
export function labeledRows({ problem, mistake }: Example): readonly object[] {
  const prompt = promptOf(problem);
  return [
    { prompt, completion: rightSolution(problem), label: true },
    { prompt, completion: mistake.solution, label: false, mistake: whereabouts(mistake) },
  ];
}

/** The same with one step per line; `first_error` is the index of the first incorrect step or -1, as in ProcessBench. */
export function stepRows({ problem, mistake }: Example): readonly object[] {
  const prompt = promptOf(problem);
  return [
    { prompt, steps: rightSolution(problem).split("\n"), first_error: -1 },
    {
      prompt,
      steps: mistake.solution.split("\n"),
      first_error: mistake.step,
      mistake: whereabouts(mistake),
    },
  ];
}

function whereabouts({ kind, step, at }: Mistake): Pick<Mistake, "kind" | "step" | "at"> {
  return { kind, step, at };
}
