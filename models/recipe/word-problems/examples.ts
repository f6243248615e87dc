/** Problems with a right and a wrong solution, and the dataset rows that are made of them. */
import { type Mistake, plantMistake } from "./mistake";
import { generateProblem, promptOf, rightSolution, type WordProblem } from "./problem";
import { withoutNouns } from "./scene";

export interface Example {
  readonly problem: WordProblem;
  readonly mistake: Mistake;
}

/**
 * Endless. `seen`: questions, without their nouns, that are not to be used again; those of the examples are added. A
 * question that was seen with other names would test the memory.
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

/** What a tokenizer is trained on: every prompt with its right, then with its wrong completion. */
export function* problemsAsText(from: Iterable<Example>): Generator<string> {
  for (const { problem, mistake } of from) {
    const prompt = promptOf(problem);
    yield prompt + rightSolution(problem);
    yield prompt + mistake.solution;
  }
}

/** A preference pair; `mistake` says where the rejected completion goes wrong. */
export function pairRow({ problem, mistake }: Example): object {
  return {
    prompt: promptOf(problem),
    chosen: rightSolution(problem),
    rejected: mistake.solution,
    mistake: whereabouts(mistake),
  };
}

/** The right solution and the wrong one, each with its label. */
export function labeledRows({ problem, mistake }: Example): readonly object[] {
  const prompt = promptOf(problem);
  return [
    { prompt, completion: rightSolution(problem), label: true },
    { prompt, completion: mistake.solution, label: false, mistake: whereabouts(mistake) },
  ];
}

/** The same by line; `first_error` is the index of the first wrong one, -1 for none, as in ProcessBench. */
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
