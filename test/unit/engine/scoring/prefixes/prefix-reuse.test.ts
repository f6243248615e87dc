/** Tests that edited texts get the same scores as without reuse, and that only changed tokens are computed. */
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readGoalState } from "../../../../../extension/engine/checkpoint/goals/goal-store";
import { Checkpoint } from "../../../../../extension/engine/checkpoint/reading/checkpoint";
import type { BadRow, DatasetRow } from "../../../../../extension/engine/data/rows/row";
import { randomSequence } from "../../../../../extension/engine/random";
import { cpu } from "../../../../../extension/engine/runtime/device";
import { openModel, RewardModel } from "../../../../../extension/engine/scoring/reward-model";
import { Goals } from "../../../../../extension/engine/scoring/score";
import { type ScoreOptions, scoreRows } from "../../../../../extension/engine/scoring/stream";
import type { ScoredRow } from "../../../../../extension/protocol/scores";
import { root } from "../../../../support/fixture";

const folder = join(root, "models/default");
const prompt = "Mia has 12 apples. She buys 5 more and gives 3 to Tom. How many apples does she have now?\n";
const solution = `${Array.from(
  { length: 15 },
  (_, i) => `Mia has ${i + 12} apples and buys ${i} more: ${i + 12} + ${i} = ${2 * i + 12}.\n`,
).join("")}The answer is 34.`;

let model: RewardModel;
let options: ScoreOptions;

beforeAll(async () => {
  model = await RewardModel.load(await openModel(await Checkpoint.open(folder)), cpu);
  const goals = new Goals([await readGoalState("preferred", folder)], model.hiddenSize);
  options = {
    goals,
    wantsTokens: true,
    batchTokens: 1024,
    maxLength: model.maxLength(),
    chat: false,
    reuse: true,
  };
});
beforeEach(() => model.prefixes.clear());
afterAll(() => model.release());

function rowOf(...completions: readonly string[]): DatasetRow {
  return {
    row: 0,
    place: "edited",
    completions: completions.map((completion) => ({ role: "completion", prompt, completion })),
  };
}

async function score(row: DatasetRow, changed: Partial<ScoreOptions> = {}): Promise<(ScoredRow | BadRow)[]> {
  async function* rows(): AsyncGenerator<DatasetRow> {
    yield row;
  }
  const scored: (ScoredRow | BadRow)[] = [];
  for await (const window of scoreRows(model, rows(), { ...options, ...changed })) scored.push(...window);
  return scored;
}

/** Returns the number of tokens computed to score a row, and checks its scores against those without reuse. */
async function work(row: DatasetRow, changed: Partial<ScoreOptions> = {}): Promise<number> {
  const before = model.session.computedTokens;
  const scored = await score(row, changed);
  const computed = model.session.computedTokens - before;
  expectClose(scored, await score(row, { ...changed, reuse: false }));
  return computed;
}

/** Expects equal values, with numbers within 1e-4. */
function expectClose(found: unknown, expected: unknown): void {
  const rounded = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_, part) => (typeof part === "number" ? 0 : part)));
  const numbers = (value: unknown): number[] => {
    const all: number[] = [];
    JSON.stringify(value, (_, part) => {
      if (typeof part === "number") all.push(part);
      return part;
    });
    return all;
  };
  expect(rounded(found)).toEqual(rounded(expected));
  const [ours, theirs] = [numbers(found), numbers(expected)];
  expect(Math.max(...theirs.map((value, i) => Math.abs(value - (ours[i] ?? Number.NaN))))).toBeLessThan(1e-4);
  expect(theirs.length).toBeGreaterThan(10);
}

function lengthOf(scored: readonly (ScoredRow | BadRow)[]): number {
  const [first] = scored;
  return first && "scores" in first ? (first.scores[0]?.tokens ?? 0) : 0;
}

test("an edit near the end computes the tokens after it, and an unchanged text computes none", async () => {
  const all = await work(rowOf(solution));
  expect(all).toBeGreaterThan(300);
  expect(await work(rowOf(solution))).toBe(0);
  expect(await work(rowOf(solution.replace("answer is 34", "answer is 35")))).toBeLessThan(8);
  expect(await work(rowOf(solution))).toBe(0);
});

test("an edit in the middle computes the tokens after it, and one in the prompt computes all tokens", async () => {
  const all = await work(rowOf(solution));
  const middle = await work(rowOf(solution.replace("18 + 6", "18 + 7")));
  expect(middle).toBeGreaterThan(0.3 * all);
  expect(middle).toBeLessThan(0.7 * all);
  const row = rowOf(solution);
  const [completion] = row.completions;
  const asked = completion ? [{ ...completion, prompt: `No. ${prompt}` }] : [];
  expect(await work({ ...row, completions: asked })).toBeGreaterThanOrEqual(all);
});

test("shortened and extended texts are rescored from their end, the end-of-sequence token included", async () => {
  const all = await work(rowOf(solution));
  const [scored] = await score(rowOf(solution));
  expect(scored && "scores" in scored && scored.scores[0]?.tokenScores?.ids.at(-1)).toBe(1);
  expect(await work(rowOf(solution.slice(0, 200)))).toBeLessThan(4);
  expect(await work(rowOf(`${solution} So it is.`))).toBeLessThan(10);
  expect(await work(rowOf(""))).toBeLessThan(0.3 * all);
});

test("a truncated sequence reuses its prefix", async () => {
  const all = await work(rowOf(solution), { maxLength: 200 });
  expect(all).toBe(200);
  expect(await work(rowOf(`${solution} So it is.`), { maxLength: 200 })).toBe(0);
  expect(await work(rowOf(solution), { maxLength: 100 })).toBe(0);
  expect(await work(rowOf(solution), { maxLength: 210 })).toBe(10);
});

test("other goal states are scored from scratch, and scores for earlier ones are kept", async () => {
  const all = await work(rowOf(solution));
  const data = Float32Array.from({ length: 2 * model.hiddenSize }, (_, i) => Math.sin(i));
  const goals = new Goals([{ name: "other", prototypes: 2, data }], model.hiddenSize);
  expect(await work(rowOf(solution), { goals })).toBe(all);
  expect(await work(rowOf(solution), { goals })).toBe(0);
  expect(await work(rowOf(solution))).toBe(0);
});

test("samples of one prompt share it from the first request", async () => {
  const completions = Array.from({ length: 6 }, (_, i) => `${20 - i} apples are left.`);
  const prompts = model.opened.encoder.tokenizer.encode(prompt, { addSpecialTokens: true }).ids.length;
  const one = await work(rowOf("20 apples are left."));
  model.prefixes.clear();
  const computed = await work(rowOf(...completions));
  expect(computed).toBeLessThan(6 * one - 4 * prompts);
});

test("many random edits of a pair get the scores they have without reuse", async () => {
  const random = randomSequence(8);
  let [text, computed, all] = [solution.slice(0, 500), 0, 0];
  const below = (count: number): number => Math.floor(random() * count);
  for (let edit = 0; edit < 20; edit++) {
    const at = below(text.length);
    text = text.slice(0, at) + ["7", " plus", "é", "\n", ""][below(5)] + text.slice(at + below(9));
    const row = rowOf(text, solution.slice(0, 450));
    computed += await work(row);
    all += lengthOf(await score(row, { reuse: false })) + 200;
  }
  expect(computed).toBeLessThan(0.6 * all);
});

test("an abort ends scoring between batches, and computed sequences are kept", async () => {
  const stop = new AbortController();
  stop.abort(new Error("a newer edit came"));
  await expect(score(rowOf(solution), { signal: stop.signal })).rejects.toThrow("a newer edit came");
  await score(rowOf(solution));
  expect(await work(rowOf(solution), { signal: new AbortController().signal })).toBe(0);
});

test("nothing is kept without reuse or after the model is released", async () => {
  const kept = model;
  const other = await RewardModel.load(await openModel(await Checkpoint.open(folder)), cpu);
  model = other;
  const all = await work(rowOf(solution), { reuse: false });
  expect(await work(rowOf(solution))).toBe(all);
  expect(await work(rowOf(solution))).toBe(0);
  const ids = Int32Array.from(model.opened.encoder.tokenizer.encode(prompt, { addSpecialTokens: true }).ids);
  expect(other.prefixes.find(ids, options.goals.matrix)?.length).toBe(ids.length);
  model = kept;
  await other.release();
  expect(other.prefixes.find(ids, options.goals.matrix)).toBeUndefined();
});
