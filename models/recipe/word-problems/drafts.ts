/** The possible mistakes in a solution. */
import { isInRange, type Operation } from "./arithmetic";
import type { WordProblem } from "./problem";
import { type Equation, numberOf, type Operand, type Step, workOut } from "./solution";

/**
 * slip: a result is miscalculated. operand: a number of the question is replaced by another number. operation: a wrong
 * operation is used. dropped: a step is missing. not-carried: a later line, or the answer, does not use the result that
 * it should use.
 */
export type MistakeKind = "slip" | "operand" | "operation" | "dropped" | "not-carried";

/** An incorrect solution before its results are computed. */
export interface Draft {
  readonly steps: readonly Step[];
  /** Absent if the answer is the last result. */
  readonly answer?: number;
}

/** Drafts grouped by the step of the mistake. The results of some cannot be computed. */
export function draftsOf(kind: MistakeKind, problem: WordProblem): readonly (readonly Draft[])[] {
  const equations = workOut(problem.steps) ?? [];
  const make = makers[kind];
  const inSteps = problem.steps.map((step, i) => make({ problem, equations, step, i }));
  return kind === "not-carried" ? [...inSteps, wrongAnswers(problem, equations)] : inSteps;
}

interface Place {
  readonly problem: WordProblem;
  /** Equations of the correct solution. */
  readonly equations: readonly Equation[];
  readonly step: Step;
  readonly i: number;
}

const makers: Readonly<Record<MistakeKind, (place: Place) => readonly Draft[]>> = {
  slip: ({ problem, equations, step, i }) =>
    slipsOf(equations[i]).map((slip) => replaced(problem, i, { ...step, slip })),
  operand: ({ problem, equations, step, i }) =>
    otherOperands(problem, equations.slice(0, i), step, (operand) => "value" in operand).map((wrong) =>
      replaced(problem, i, wrong),
    ),
  operation: ({ problem, step, i }) =>
    confused[step.operation].map((operation) => replaced(problem, i, { ...step, operation })),
  dropped: ({ problem, i }) => (isMissedAtOnce(problem, i) ? [{ steps: without(problem.steps, i) }] : []),
  "not-carried": ({ problem, equations, step, i }) =>
    otherOperands(problem, equations.slice(0, i), step, (operand) => "resultOf" in operand).map((wrong) =>
      replaced(problem, i, wrong),
    ),
};

function replaced({ steps }: WordProblem, i: number, step: Step): Draft {
  return { steps: steps.with(i, step) };
}

const confused: Readonly<Record<Operation, readonly Operation[]>> = {
  "+": ["-", "*"],
  "-": ["+", "/"],
  "*": ["+", "-"],
  "/": ["-", "*"],
};

/** Slips: off-by-one and off-by-two errors, forgotten carries, swapped digits, neighbors in the times table. */
function slipsOf(equation: Equation | undefined): readonly number[] {
  if (!equation) return [];
  const { left, operation, right, result } = equation;
  const near = [result - 1, result + 1, result - 2, result + 2];
  const own = {
    "+": [result - 10, result + 10, swapped(result)],
    "-": [result - 10, result + 10, swapped(result)],
    "*": [result - left, result + left, result - right, result + right, swapped(result)],
    "/": [],
  }[operation];
  return [...new Set([...near, ...own])].filter((slip) => slip !== result);
}

/** Swaps two digits, such as 36 to 63. One-digit numbers and multiples of 10 are returned unchanged. */
function swapped(value: number): number {
  return value > 9 && value % 10 > 0 ? (value % 10) * 10 + Math.floor(value / 10) : value;
}

/** Variants of the step in which one operand accepted by `isMeant` is another known number. */
function otherOperands(
  { question }: WordProblem,
  before: readonly Equation[],
  step: Step,
  isMeant: (operand: Operand) => boolean,
): readonly Step[] {
  const known = [...numbersOf(question), ...before.map(({ result }) => result)];
  return (["left", "right"] as const).flatMap((side) => {
    const operand = step[side];
    if (!isMeant(operand)) return [];
    const right = numberOf(operand, before);
    return others(right, known).map((value) => ({ ...step, [side]: { value } }));
  });
}

/** Drafts whose answer is an earlier number, or the last result with swapped digits. */
function wrongAnswers(problem: WordProblem, equations: readonly Equation[]): readonly Draft[] {
  const known = [...numbersOf(problem.question), ...equations.map(({ result }) => result)];
  return others(problem.answer, [...known, swapped(problem.answer)]).map((answer) => ({
    steps: problem.steps,
    answer,
  }));
}

function others(right: number, known: readonly number[]): readonly number[] {
  return [...new Set(known)].filter((value) => value !== right && isInRange(value));
}

function numbersOf(question: string): readonly number[] {
  return (question.match(/\d+/g) ?? []).map(Number);
}

/** Whether the next line uses the result of the step. If not, that line would still be correct without the step. */
function isMissedAtOnce({ steps }: WordProblem, i: number): boolean {
  const next = steps[i + 1];
  return !next || [next.left, next.right].some((operand) => "resultOf" in operand && operand.resultOf === i);
}

/** Removes a step. Steps that used its result use its first operand instead. */
function without(steps: readonly Step[], dropped: number): readonly Step[] {
  const instead = steps[dropped]?.left;
  const moved = (operand: Operand): Operand => {
    if ("value" in operand || operand.resultOf < dropped) return operand;
    return operand.resultOf === dropped && instead ? instead : { resultOf: operand.resultOf - 1 };
  };
  return steps
    .filter((_, i) => i !== dropped)
    .map((step) => ({ ...step, left: moved(step.left), right: moved(step.right) }));
}
