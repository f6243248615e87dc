/** Every right solution is right, by a solver that only reads the question. */
import { expect, test } from "vitest";
import { randomSequence } from "../../../extension/engine/random";
import {
  generateProblem,
  promptOf,
  rightSolution,
  type WordProblem,
} from "../../../models/recipe/word-problems/problem";
import { calculate, equationPattern, equationsIn, numbersIn, solve } from "./word-problems-solver";

const count = 3000;
const problems = Array.from({ length: count }, (_, seed) => generateProblem(randomSequence(seed)));

function linesOf(problem: WordProblem): string[] {
  return rightSolution(problem).split("\n");
}

test("the solution says what the sentences of the question say, and answers it", () => {
  for (const problem of problems) {
    const { equations, answer } = solve(problem.question);
    const lines = equationsIn(rightSolution(problem));
    expect({ question: problem.question, lines }).toEqual({
      question: problem.question,
      lines: [...equations, undefined],
    });
    expect(linesOf(problem).at(-1)).toBe(`Answer: ${answer}`);
    expect(problem.answer).toBe(answer);
  }
});

test("every line but the last is a numbered step whose equation holds, of numbers known by then", () => {
  for (const problem of problems) {
    const known = numbersIn(problem.question);
    const lines = linesOf(problem).slice(0, -1);
    lines.forEach((line, i) => {
      expect(line).toMatch(new RegExp(`^Step ${i + 1}: [A-Z][^\\d]* \\d+ [-+*/] \\d+ = \\d+ [a-z ]+\\.$`));
      const [, a, operation = "", b, result] = equationPattern.exec(line) ?? [];
      expect(known).toContain(Number(a));
      expect(known).toContain(Number(b));
      expect(calculate(Number(a), operation, Number(b))).toBe(Number(result));
      known.push(Number(result));
    });
  }
});

test("there are two to six steps, mostly few", () => {
  const counts = new Map<number, number>();
  for (const { steps } of problems) counts.set(steps.length, (counts.get(steps.length) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual([2, 3, 4, 5, 6]);
  const few = [2, 3, 4].reduce((sum, steps) => sum + (counts.get(steps) ?? 0), 0);
  expect(few / count).toBeGreaterThan(0.75);
  expect(few / count).toBeLessThan(0.95);
});

test("numbers are small, products and quotients of the times table", () => {
  for (const problem of problems) {
    for (const number of numbersIn(promptOf(problem) + rightSolution(problem).replace(/Step \d/g, ""))) {
      expect(number).toBeGreaterThanOrEqual(2);
      expect(number).toBeLessThanOrEqual(20);
    }
    for (const line of linesOf(problem)) {
      const [, a, operation, b, result] = equationPattern.exec(line) ?? [];
      const factors = operation === "*" ? [a, b] : operation === "/" ? [b, result] : [];
      for (const factor of factors) expect(Number(factor)).toBeLessThanOrEqual(9);
    }
  }
});

test("the text is one line of prompt, without stray blanks or places that were not filled in", () => {
  for (const problem of problems) {
    expect(promptOf(problem)).toMatch(/^[A-Z][^\n]*\?\n$/);
    const text = promptOf(problem) + rightSolution(problem);
    expect(text).not.toMatch(/[ \t]\n| $| {2}|[{}#]|undefined|NaN/);
  }
});

test("about a quarter of the problems name a number that is not needed", () => {
  const distracting = problems.filter(({ question }) =>
    /years old|minutes|degrees|people in the room|lives at number/.test(question),
  );
  expect(distracting.length / count).toBeGreaterThan(0.2);
  expect(distracting.length / count).toBeLessThan(0.3);
});

test("a seed gives its problem again, another seed another", () => {
  expect(generateProblem(randomSequence(7))).toEqual(problems[7]);
  expect(new Set(problems.map(({ question }) => question)).size).toBeGreaterThan(count * 0.99);
});
