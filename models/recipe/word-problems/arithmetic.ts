/** Whole-number arithmetic in the range of the problems. */

export type Operation = "+" | "-" | "*" | "/";

/** Every number of a problem is in [least, most]. 1 is excluded because its nouns would have to be singular. */
export const least = 2;
export const most = 20;

/** @returns undefined if the result is not a whole number or is out of range */
export function compute(left: number, operation: Operation, right: number): number | undefined {
  const result = exact(left, operation, right);
  return isInRange(result) ? result : undefined;
}

export function isInRange(value: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** Like `compute`, but limits products and quotients to the times table up to 9 * 9. */
export function computeEasily(left: number, operation: Operation, right: number): number | undefined {
  const result = compute(left, operation, right);
  if (result === undefined) return undefined;
  const factors = operation === "*" ? [left, right] : operation === "/" ? [right, result] : [];
  return factors.every((factor) => factor <= 9) ? result : undefined;
}

function exact(left: number, operation: Operation, right: number): number {
  switch (operation) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
  }
}
