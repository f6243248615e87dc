/** The files of the generator: read by our own reader, no question twice, the same for a seed. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDataset } from "../../../extension/engine/data/dataset";
import type { Completion } from "../../../extension/engine/data/rows/row";
import { makeDatasets, writeDatasets } from "../../../models/recipe/word-problems/datasets";
import { problemsAsText } from "../../../models/recipe/word-problems/examples";
import { promptOf, rightSolution } from "../../../models/recipe/word-problems/problem";
import { withoutNouns } from "../../../models/recipe/word-problems/scene";
import { temporaryFolder } from "../../support/temp-folder";

const names = ["test-labeled.jsonl", "test-pairs.jsonl", "test-steps.jsonl", "train.jsonl"];

async function written(seed: number): Promise<string> {
  const folder = join(await temporaryFolder(), "made", "here");
  await writeDatasets(folder, makeDatasets({ pairs: 1200, test: 150 }, seed));
  return folder;
}

async function textsIn(folder: string): Promise<string[]> {
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

async function completionsIn(
  folder: string,
  name: string,
): Promise<{ rowFormat: string; all: Completion[] }> {
  const dataset = await openDataset(join(folder, name));
  const all: Completion[] = [];
  for await (const row of dataset.rows()) {
    if ("problem" in row) throw new Error(`${row.place}: ${row.problem}`);
    all.push(...row.completions);
  }
  return { rowFormat: dataset.rowFormat ?? "none", all };
}

test("the files are whole, and the same for a seed", async () => {
  const folder = await written(3);
  expect((await readdir(folder)).sort()).toEqual(names);
  const texts = await textsIn(folder);
  expect(await textsIn(await written(3))).toEqual(texts);
  expect(await textsIn(await written(4))).not.toEqual(texts);
  expect(texts.map((text) => text.trimEnd().split("\n").length)).toEqual([300, 150, 300, 1200]);
});

test("the test problems do not depend on how many are trained on", () => {
  const small = makeDatasets({ pairs: 0, test: 100 }, 5);
  expect(makeDatasets({ pairs: 500, test: 100 }, 5).test).toEqual(small.test);
});

test("no question is used twice, nor with other names and things, so none is trained on and tested", () => {
  const { train, test: tested } = makeDatasets({ pairs: 6000, test: 600 }, 1);
  const questions = [...train, ...tested].map(({ problem }) => problem.question);
  expect(new Set(questions).size).toBe(6600);
  expect(new Set(questions.map(withoutNouns)).size).toBe(6600);
});

test("stories that differ in names and things alone are the same", () => {
  const story = withoutNouns(
    "Mia has 4 boxes of 6 eggs. She sells 3 eggs. How many eggs does Mia have left?",
  );
  expect(story).toBe("_ has 4 _ of 6 _. _ sells 3 _. How many _ does _ have left?");
  expect(
    withoutNouns("Omar has 4 bags of 6 plums. He sells 3 plums. How many plums does Omar have left?"),
  ).toBe(story);
});

test("pairs, labeled rows and rows in steps hold the same completions for our reader", async () => {
  const folder = await written(6);
  const pairs = await completionsIn(folder, "test-pairs.jsonl");
  const labeled = await completionsIn(folder, "test-labeled.jsonl");
  const steps = await completionsIn(folder, "test-steps.jsonl");
  const train = await completionsIn(folder, "train.jsonl");
  expect(train.rowFormat).toBe(pairs.rowFormat);
  expect([pairs, labeled, steps].map(({ rowFormat }) => rowFormat)).toEqual([
    "preference pairs (prompt, chosen, rejected)",
    "single completions (prompt, completion, label)",
    "solutions in steps (prompt, steps, first_error)",
  ]);
  const texts = ({ all }: typeof pairs): unknown[] =>
    all.map(({ prompt, completion }) => [prompt, completion]);
  expect(texts(labeled)).toEqual(texts(pairs));
  expect(texts(steps)).toEqual(texts(pairs));
  const labels = ({ all }: typeof pairs): unknown[] => all.map(({ label }) => label);
  expect(labels(labeled)).toEqual(pairs.all.map(({ role }) => role === "chosen"));
  expect(labels(steps)).toEqual(labels(labeled));
});

test("rows in steps say which line is the first wrong one", async () => {
  const { test: tested } = makeDatasets({ pairs: 0, test: 150 }, 6);
  const { all } = await completionsIn(await written(6), "test-steps.jsonl");
  tested.forEach(({ mistake }, i) => {
    const wrong = all[2 * i + 1]?.steps?.find(({ correct }) => correct === false);
    expect(wrong).toEqual({ start: mistake.start, end: mistake.end, correct: false });
    expect(all[2 * i]?.steps?.every(({ correct }) => correct === true)).toBe(true);
  });
});

test("the tokenizer's texts are prompt and completion, right and wrong", () => {
  const { test: tested } = makeDatasets({ pairs: 0, test: 20 }, 2);
  const expected = tested.flatMap(({ problem, mistake }) => [
    promptOf(problem) + rightSolution(problem),
    promptOf(problem) + mistake.solution,
  ]);
  expect([...problemsAsText(tested)]).toEqual(expected);
});

test("a folder that cannot be created is reported", async () => {
  const folder = await written(1);
  const inFile = join(folder, "train.jsonl", "more");
  await expect(writeDatasets(inFile, { train: [], test: [] })).rejects.toThrow(/more: could not be created/);
});
