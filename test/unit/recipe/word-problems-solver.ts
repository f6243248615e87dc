/** Reads a word problem by its sentences and solves it, knowing nothing of how it was made. */

export interface Solved {
  /** The right equations in order, e.g. `12 + 7 = 19`. */
  readonly equations: readonly string[];
  readonly answer: number;
}

export const equationPattern = /(\d+) ([-+*/]) (\d+) = (\d+)/;

const irrelevant = /years old|minutes|degrees|people in the room|lives at number/;

/** First match wins. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/times as many|for \d+ euros/, "*"],
  [/equal|the same number/, "/"],
  [/gives (her|him)|buys|finds|gets|more/, "+"],
  [/gives|loses|sells|missing|fewer/, "-"],
];

export function solve(question: string): Solved {
  const sentences = question.split(/(?<=[.?]) /).filter((sentence) => !irrelevant.test(sentence));
  const [opening = "", ...events] = sentences.slice(0, -1);
  const equations: string[] = [];
  const equate = (left: number, operation: string, right: number): number => {
    const result = calculate(left, operation, right);
    equations.push(`${left} ${operation} ${right} = ${result}`);
    return result;
  };
  const [first, second] = numbersIn(opening);
  let value =
    second === undefined ? (first ?? 0) : equate(first ?? 0, opening.includes(" and ") ? "+" : "*", second);
  for (const sentence of events) {
    const operation = meanings.find(([pattern]) => pattern.test(sentence))?.[1] ?? "none";
    const [a = 0, b] = numbersIn(sentence);
    value = equate(value, operation, b === undefined ? a : equate(a, "*", b));
  }
  return { equations, answer: value };
}

export function calculate(left: number, operation: string, right: number): number {
  if (operation === "+") return left + right;
  if (operation === "-") return left - right;
  if (operation === "*") return left * right;
  if (operation === "/") return left / right;
  throw new Error(`unknown operation ${operation}`);
}

export function numbersIn(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}

/** The equation of every line, undefined where it has none. */
export function equationsIn(solution: string): (string | undefined)[] {
  return solution.split("\n").map((line) => equationPattern.exec(line)?.[0]);
}
