/** Every planted mistake is a mistake, is at the given place, and leads to a wrong answer. */
import { expect, test } from "vitest";
import { randomSequence } from "../../../extension/engine/random";
import type { Mistake } from "../../../models/recipe/word-problems/mistake";
import { plantMistake } from "../../../models/recipe/word-problems/mistake";
import { generateProblem, rightSolution } from "../../../models/recipe/word-problems/problem";
import { calculate, equationPattern, equationsIn, numbersIn, solve } from "./word-problems-solver";

const cases = Array.from({ length: 4000 }, (_, seed) => {
  const random = randomSequence(seed);
  const problem = generateProblem(random);
  return { seed, problem, mistake: plantMistake(problem, random), right: rightSolution(problem) };
});

function linesOf(text: string): string[] {
  return text.split("\n");
}

function parts(line: string | undefined): { a: number; operation: string; b: number; result: number } {
  const [, a, operation = "", b, result] = equationPattern.exec(line ?? "") ?? [];
  return { a: Number(a), operation, b: Number(b), result: Number(result) };
}

function holds(line: string | undefined): boolean {
  const { a, operation, b, result } = parts(line);
  return calculate(a, operation, b) === result;
}

function ofKind(kind: Mistake["kind"]): typeof cases {
  const found = cases.filter(({ mistake }) => mistake.kind === kind);
  expect(found.length).toBeGreaterThan(cases.length * 0.1);
  return found;
}

/** First wrong lines, right and wrong, of cases whose mistake is in a step. */
function firstWrong(kind: Mistake["kind"]): { right: string; wrong: string }[] {
  return ofKind(kind)
    .map(({ mistake, right }) => ({
      right: linesOf(right)[mistake.step] ?? "",
      wrong: linesOf(mistake.solution)[mistake.step] ?? "",
    }))
    .filter(({ right, wrong }) => right.startsWith("Step") && wrong.startsWith("Step"));
}

test("the answer is wrong, and follows from what is written", () => {
  for (const { problem, mistake } of cases) {
    const lines = linesOf(mistake.solution);
    const [answer] = numbersIn(lines.at(-1) ?? "");
    expect(answer).not.toBe(solve(problem.question).answer);
    const isAnswer = mistake.step === lines.length - 1 && mistake.kind === "not-carried";
    if (!isAnswer) expect(answer).toBe(parts(lines.at(-2)).result);
  }
});

test("lines before the step are right, and the step's own is not what the question asks for", () => {
  for (const { problem, mistake } of cases) {
    const { equations, answer } = solve(problem.question);
    const expected: (string | undefined)[] = [...equations, undefined];
    const written = equationsIn(mistake.solution);
    expect(written.slice(0, mistake.step)).toEqual(expected.slice(0, mistake.step));
    const line = linesOf(mistake.solution)[mistake.step] ?? "";
    if (line.startsWith("Answer")) {
      expect(line).not.toBe(`Answer: ${answer}`);
      continue;
    }
    // Not the next thing to calculate, in either order of its operands.
    const { a, operation, b, result } = parts(line);
    const own = [`${a} ${operation} ${b} = ${result}`, `${b} ${operation} ${a} = ${result}`];
    expect(own).not.toContain(expected[mistake.step]);
  }
});

test("at is the first character that differs, in the line from start to end", () => {
  for (const { mistake, right } of cases) {
    const { solution, step, at, start, end } = mistake;
    expect(solution.slice(start, end)).toBe(linesOf(solution)[step]);
    expect(at).toBeGreaterThanOrEqual(start);
    expect(at).toBeLessThan(end);
    expect(right.startsWith(solution.slice(0, at))).toBe(true);
    if (!right.startsWith(solution)) expect(solution[at]).not.toBe(right[at]);
  }
});

test("but for a slip every equation holds, and only the slip's own does not", () => {
  for (const { mistake } of cases) {
    const steps = linesOf(mistake.solution).slice(0, -1);
    const broken = steps.flatMap((line, i) => (holds(line) ? [] : [i]));
    expect(broken).toEqual(mistake.kind === "slip" ? [mistake.step] : []);
  }
});

test("numbers stay in range and steps are numbered one after the other", () => {
  for (const { mistake } of cases) {
    linesOf(mistake.solution)
      .slice(0, -1)
      .forEach((line, i) => {
        expect(line.startsWith(`Step ${i + 1}: `)).toBe(true);
      });
    for (const number of numbersIn(mistake.solution.replace(/Step \d/g, ""))) {
      expect(number).toBeGreaterThanOrEqual(2);
      expect(number).toBeLessThanOrEqual(20);
    }
  }
});

test("a slip changes the result alone", () => {
  for (const { right, wrong } of firstWrong("slip")) {
    expect(wrong.replace(/= \d+/, "")).toBe(right.replace(/= \d+/, ""));
  }
});

test("an operation changes the sign, not its operands", () => {
  for (const { right, wrong } of firstWrong("operation")) {
    const [before, after] = [parts(right), parts(wrong)];
    expect([after.a, after.b]).toEqual([before.a, before.b]);
    expect(after.operation).not.toBe(before.operation);
  }
});

test("a wrong operand is another number of the question or an older result, and the only one", () => {
  for (const kind of ["operand", "not-carried"] as const) {
    for (const { right, wrong } of firstWrong(kind)) {
      const [before, after] = [parts(right), parts(wrong)];
      expect(after.operation).toBe(before.operation);
      expect(Number(after.a !== before.a) + Number(after.b !== before.b)).toBe(1);
    }
  }
  for (const { problem, mistake } of ofKind("operand")) {
    const before = linesOf(mistake.solution).slice(0, mistake.step);
    const { a, b } = parts(linesOf(mistake.solution)[mistake.step]);
    const known = [...numbersIn(problem.question), ...before.map((line) => parts(line).result)];
    expect(known).toContain(a);
    expect(known).toContain(b);
  }
});

test("what is not carried was right: the line before it is, and its result is not gone on with", () => {
  for (const { problem, mistake } of ofKind("not-carried")) {
    const { equations } = solve(problem.question);
    expect(mistake.step).toBeGreaterThan(0);
    expect(equationsIn(mistake.solution)[mistake.step - 1]).toBe(equations[mistake.step - 1]);
  }
});

test("a dropped step leaves one line fewer; no other mistake does", () => {
  for (const { mistake, right } of cases) {
    const missing = linesOf(right).length - linesOf(mistake.solution).length;
    expect(missing).toBe(mistake.kind === "dropped" ? 1 : 0);
  }
});

test("a seed gives its mistake again", () => {
  for (const { seed, mistake } of cases.slice(0, 50)) {
    const random = randomSequence(seed);
    expect(plantMistake(generateProblem(random), random)).toEqual(mistake);
  }
});
