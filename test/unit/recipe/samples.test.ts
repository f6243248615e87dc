/** The sample files say what models/samples/README.md says of them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDataset } from "../../../extension/engine/data/dataset";
import type { Completion } from "../../../extension/engine/data/rows/row";
import type { Text } from "../../../extension/protocol/datasets";
import { makeDatasets } from "../../../models/recipe/word-problems/datasets";
import { root } from "../../support/fixture";
import { equationsIn, numbersIn, solve } from "./word-problems-solver";

async function rowsOf(name: string): Promise<(readonly Completion[])[]> {
  const rows: (readonly Completion[])[] = [];
  for await (const row of (await openDataset(sample(name))).rows()) {
    if ("problem" in row) throw new Error(`${row.place}: ${row.problem}`);
    rows.push(row.completions);
  }
  return rows;
}

function sample(name: string): string {
  return join(root, "models/samples", name);
}

function lastText(text: Text): string {
  return typeof text === "string" ? text : (text.at(-1)?.content ?? "");
}

function questionOf(prompt: Text): string {
  return lastText(prompt).trim().replace("Thank you! And this one? ", "");
}

/** Whether a solution is line by line what the question asks for, and ends in its answer. */
function isRight(prompt: Text, completion: Text): boolean {
  const { equations, answer } = solve(questionOf(prompt));
  const [own, lines] = [equationsIn(lastText(completion)), lastText(completion).split("\n")];
  const isSame = own.slice(0, -1).join() === equations.join();
  return isSame && numbersIn(lines.at(-1) ?? "")[0] === answer;
}

test("of each pair the chosen is right and the rejected is wrong where it says", async () => {
  const rows = await rowsOf("pairs.jsonl");
  const mistakes = (await readFile(sample("pairs.jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).mistake);
  expect(rows).toHaveLength(8);
  expect(new Set(mistakes.map(({ kind }) => kind)).size).toBe(5);
  rows.forEach(([chosen, rejected], i) => {
    if (!chosen || !rejected) throw new Error("no pair");
    expect(isRight(chosen.prompt, chosen.completion)).toBe(true);
    expect(isRight(rejected.prompt, rejected.completion)).toBe(false);
    const [right, wrong] = [lastText(chosen.completion), lastText(rejected.completion)];
    const { at, step } = mistakes[i];
    expect(wrong.slice(0, at)).toBe(right.slice(0, at));
    expect(wrong[at]).not.toBe(right[at]);
    expect(wrong.slice(0, at).split("\n")).toHaveLength(step + 1);
  });
});

test("one of the eight samples is right, and they differ", async () => {
  const [samples = [], ...more] = await rowsOf("samples.jsonl");
  expect(more).toEqual([]);
  expect(samples.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => i === 4));
  expect(samples.map(({ prompt, completion }) => isRight(prompt, completion))).toEqual(
    samples.map(({ label }) => label),
  );
  expect(new Set(samples.map(({ completion }) => completion)).size).toBe(8);
});

test("the conversations are labeled as their last turn deserves", async () => {
  const rows = (await rowsOf("chat.jsonl")).flat();
  expect(rows.map(({ label }) => label)).toEqual([true, false, false]);
  expect(rows.map(({ prompt, completion }) => isRight(prompt, completion))).toEqual([true, false, false]);
  expect(rows.map(({ prompt }) => prompt.length)).toEqual([1, 1, 3]);
  const [asked, answered] = rows[2]?.prompt ?? [];
  if (typeof asked !== "object" || typeof answered !== "object") throw new Error("no conversation");
  expect(isRight(asked.content, answered.content)).toBe(true);
});

test("the solution goes wrong in its second step", async () => {
  const [question = "", ...lines] = (await readFile(sample("solution.md"), "utf8")).trimEnd().split("\n");
  const { equations, answer } = solve(question);
  expect(lines.map((line) => equationsIn(line)[0] === equations[0])[0]).toBe(true);
  expect(lines[1]).toContain("2 * 3 = 7");
  expect(equations[1]).toBe("2 * 3 = 6");
  expect(lines.at(-1)).not.toBe(`Answer: ${answer}`);
});

test("their problems are test problems of seed 1", async () => {
  const files = await Promise.all(["pairs.jsonl", "samples.jsonl", "chat.jsonl"].map(rowsOf));
  const [solution = ""] = (await readFile(sample("solution.md"), "utf8")).split("\n");
  const questions = [solution, ...files.flat(2).map(({ prompt }) => questionOf(prompt))];
  const tested = new Set(
    makeDatasets({ pairs: 0, test: 2000 }, 1).test.map(({ problem }) => problem.question),
  );
  expect(questions.filter((question) => !tested.has(question))).toEqual([]);
});
