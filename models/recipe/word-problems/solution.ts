/** Solutions: steps as a plan, worked out to equations, written as text. */
import { compute, isInRange, type Operation } from "./arithmetic";

/** What a step calculates with: a number, or the result of an earlier step (0-based). */
export type Operand = { readonly value: number } | { readonly resultOf: number };

export interface Step {
  /** The words around the equation, as `Mia now has ` and ` apples.` */
  readonly before: string;
  readonly after: string;
  readonly left: Operand;
  readonly operation: Operation;
  readonly right: Operand;
  /** A slip: the result that is written, whatever the operands give. */
  readonly slip?: number;
}

/** A step with its numbers. */
export interface Equation {
  readonly before: string;
  readonly after: string;
  readonly left: number;
  readonly operation: Operation;
  readonly right: number;
  readonly result: number;
}

/** Every step calculated from the results before it. undefined: a number is not whole, or out of range. */
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
    throw new Error(`a step uses the result of step ${operand.resultOf}, which is not before it`);
  return equation.result;
}

/** The completion: a line for each step, then the answer, e.g. `Step 1: Mia now has 12 + 7 = 19 apples.`, `Answer: 19`. */
export function solutionText(equations: readonly Equation[], answer: number): string {
  const lines = equations.map(
    (equation, i) => `Step ${i + 1}: ${equation.before}${equationText(equation)}${equation.after}`,
  );
  return [...lines, `Answer: ${answer}`].join("\n");
}

/** As `12 + 7 = 19`. */
export function equationText({ left, operation, right, result }: Equation): string {
  return `${left} ${operation} ${right} = ${result}`;
}
