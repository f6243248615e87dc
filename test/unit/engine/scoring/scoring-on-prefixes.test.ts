/** Tests which tokens are computed, and in which order, when sequences share prefixes; uses a fake session. */
import { expect, test } from "vitest";
import { scoreOnPrefixes } from "../../../../extension/engine/scoring/prefixes/prefix-reuse";
import { codesOf, type FakeModel, fakeModel, mixed } from "../../../support/fake-model";

const goals = { count: 1, data: Float32Array.of(1, 0) };

/** Scores the texts, checks the scores against those without reuse, and returns the batches that were computed. */
async function computed(
  fake: FakeModel,
  texts: readonly string[],
  { batchTokens = 1000, signal }: { readonly batchTokens?: number; readonly signal?: AbortSignal } = {},
): Promise<string[][]> {
  const before = fake.runs.length;
  const sequences = texts.map((text) => Int32Array.from(codesOf(text)));
  const { session, prefixes } = fake.model;
  const scores = await scoreOnPrefixes(session, prefixes, sequences, { goals, batchTokens, signal });
  const prefixesOf = (text: string): number[][] => codesOf(text).map((_, i) => codesOf(text.slice(0, i + 1)));
  expect(scores.map(({ partialReward }) => [...(partialReward ?? [])])).toEqual(
    texts.map((text) => prefixesOf(text).map(mixed)),
  );
  expect(scores.map(({ q }) => [...q])).toEqual(
    texts.map((text) => prefixesOf(text).map((ids) => (mixed(ids) % 64) / 64)),
  );
  return fake.runs.slice(before).map((run) => run.map((row) => String.fromCharCode(...row)));
}

const long = "abcdefghijklmnopqrstuvwxyz";
const reusing = (): FakeModel => fakeModel({ canReuse: true });

test("sequences that share a prefix follow the first of them; others are batched", async () => {
  const other = long.toUpperCase();
  expect(await computed(reusing(), [`${long}1`, other, `${long}23`, `${long}4`, `${other}5`])).toEqual([
    [`${long}1`, other],
    ["23"],
    ["4"],
    ["5"],
  ]);
});

test("a sequence follows the one with the longest shared prefix", async () => {
  const texts = [`${long.slice(0, 16)}${"1".repeat(60)}`, `${long}${"2".repeat(60)}`, `${long}3`];
  expect((await computed(reusing(), texts)).slice(1)).toEqual([["3"]]);
});

test("sequences with known prefixes are computed first, before batches can evict those", async () => {
  const fake = reusing();
  await computed(fake, [long]);
  expect(await computed(fake, ["0".repeat(40), `${long}!`])).toEqual([["!"], ["0".repeat(40)]]);
});

test("a known sequence or a prefix of it is not computed again", async () => {
  const fake = reusing();
  await computed(fake, [long]);
  expect(await computed(fake, [long, long.slice(0, 20), long.slice(0, 3)])).toEqual([]);
});

test("a sequence that reused a prefix is reused by the next one", async () => {
  const fake = reusing();
  await computed(fake, [long]);
  expect(await computed(fake, [`${long}12`])).toEqual([["12"]]);
  expect(await computed(fake, [`${long}123`])).toEqual([["3"]]);
});

test("a sequence whose lead was evicted from the store is computed in full", async () => {
  const fake = fakeModel({ canReuse: true, capacity: 8 * 30 });
  const texts = [long, `${long.toUpperCase()}`, `${long}1`];
  expect(await computed(fake, texts)).toEqual([[long, long.toUpperCase()], [`${long}1`]]);
});

test("batches respect the token limit, and sequences that follow a batch come right after it", async () => {
  const other = long.toUpperCase();
  expect(await computed(reusing(), [long, other, `${long}1`, `${other}2`], { batchTokens: 26 })).toEqual([
    [long],
    ["1"],
    [other],
    ["2"],
  ]);
});

test("sequences on both sides of the length boundary do not follow one another", async () => {
  const fake = fakeModel({ canReuse: true, lengthBoundary: 26 });
  expect(await computed(fake, [long, `${long}1`, `${long}23`])).toEqual([[`${long}1`], ["23"], [long]]);
});

test("an abort takes effect before the next batch", async () => {
  for (const texts of [
    [long, `${long}1`],
    [long, long.toUpperCase()],
  ]) {
    const stop = new AbortController();
    const fake = fakeModel({
      canReuse: true,
      reward: () => {
        stop.abort(new Error("enough"));
        return 1;
      },
    });
    await expect(computed(fake, texts, { batchTokens: 26, signal: stop.signal })).rejects.toThrow("enough");
    expect(fake.runs).toHaveLength(1);
  }
});

test("no sequences give no scores", async () => {
  expect(await computed(reusing(), [])).toEqual([]);
});
