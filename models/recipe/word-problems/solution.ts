/** Solutions: planned steps, the equations computed from them, and their text. */
import { compute, isInRange, type Operation } from "./arithmetic";

/** An operand of a step: a number, or the result of an earlier step (0-based). */
export type Operand = { readonly value: number } | { readonly resultOf: number };

export interface Step {
  /** The text before the equation, such as `Mia now has `. */
  readonly before: string;
  /** The text after the equation, such as ` apples.` */
  readonly after: string;
  readonly left: Operand;
  readonly operation: Operation;
  readonly right: Operand;
  /** For a slip, the incorrect result to write instead of the computed one. */
  readonly slip?: number;
}

/** A step with its numbers computed. */
export interface Equation {
  readonly before: string;
  readonly after: string;
  readonly left: number;
  readonly operation: Operation;
  readonly right: number;
  readonly result: number;
}

/** Computes every step. @returns undefined if a number is not whole or is out of range */
export function workOut(steps: readonly Step[]): readonly Equation[] | undefined {
  const equations: Equation[] = [];
  for (const { left, operation, right, slip, ...words } of steps) {
    const [a, b] = [numberOf(left, equations), numberOf(right, equations)];
    const result = compute(a, operation, b);
    if (result === undefined || !isInRange(slip ?? result)) return undefined;
    equations.push({ ...words, left: a, operation, right: b, result: slip ?? result });
  }
  return equations;
}

export function numberOf(operand: Operand, equations: readonly Equation[]): number {
  if ("value" in operand) return operand.value;
  const equation = equations[operand.resultOf];
  if (!equation)
    throw new Error(`a step uses the result of step ${operand.resultOf}, which does not precede it`);
  return equation.result;
}

/** The completion: one line per step, such as `Step 1: Mia now has 12 + 7 = 19 apples.`, and then `Answer: 19`. */
export function solutionText(equations: readonly Equation[], answer: number): string {
  const lines = equations.map(
    (equation, i) => `Step ${i + 1}: ${equation.before}${equationText(equation)}${equation.after}`,
  );
  return [...lines, `Answer: ${answer}`].join("\n");
}

/** The equation as text, such as `12 + 7 = 19`. */
export function equationText({ left, operation, right, result }: Equation): string {
  return `${left} ${operation} ${right} = ${result}`;
}
