import { expect, test } from "vitest";
import {
  isWorthReusing,
  type KnownSequence,
  PrefixStore,
} from "../../../../../extension/engine/scoring/prefixes/prefix-store";

const goals = { count: 1, data: Float32Array.of(1, 2) };

/** Creates tokens 0, 1, 2, … with different tokens from index `from`. */
function ids(length: number, from = length): Int32Array {
  return Int32Array.from({ length }, (_, i) => (i < from ? i : 1000 + i));
}

function known(sequence: Int32Array, bytes = 10): KnownSequence {
  const scores = { q: new Float32Array(sequence.length), partialReward: undefined };
  return { ids: sequence, goals, scores, keyValues: { tensors: [], bytes } };
}

test("the longest prefix is found", () => {
  const store = new PrefixStore(100, Number.POSITIVE_INFINITY);
  const [short, long] = [known(ids(60, 20)), known(ids(60, 40))];
  store.add(short);
  store.add(long);
  expect(store.find(ids(60), goals)).toEqual({ sequence: long, length: 40 });
  expect(store.find(ids(60, 20), goals)).toEqual({ sequence: short, length: 60 });
  expect(store.find(ids(30), goals)).toEqual({ sequence: long, length: 30 });
});

test("a prefix is found for equal goal states only", () => {
  const store = new PrefixStore(100, Number.POSITIVE_INFINITY);
  store.add(known(ids(30)));
  expect(store.find(ids(30), { count: 1, data: Float32Array.of(1, 2) })?.length).toBe(30);
  expect(store.find(ids(30), { count: 1, data: Float32Array.of(1, 3) })).toBeUndefined();
  expect(store.find(ids(30), { count: 2, data: Float32Array.of(1, 2, 3, 4) })).toBeUndefined();
  expect(store.find(ids(30), { count: 0, data: new Float32Array() })).toBeUndefined();
});

test("sequences on both sides of the boundary share no prefix", () => {
  const store = new PrefixStore(100, 32);
  store.add(known(ids(32)));
  expect(store.find(ids(31), goals)?.length).toBe(31);
  expect(store.find(ids(33), goals)).toBeUndefined();
});

test("a sequence of the boundary's length counts as short", () => {
  const store = new PrefixStore(100, 32);
  expect(store.isAlike(ids(32), ids(1))).toBe(true);
  expect(store.isAlike(ids(32), ids(33))).toBe(false);
  expect(store.isAlike(ids(33), ids(32))).toBe(false);
  expect(store.isAlike(ids(33), ids(99))).toBe(true);
});

test("nothing is found if no prefix is shared or it is too short to be worth reusing", () => {
  const store = new PrefixStore(100, Number.POSITIVE_INFINITY);
  store.add(known(ids(60, 15)));
  expect(store.find(ids(60, 0), goals)).toBeUndefined();
  expect(store.find(ids(60), goals)).toBeUndefined();
  expect(store.find(new Int32Array(), goals)).toBeUndefined();
});

test("of equally long prefixes, the most recently used one is returned", () => {
  const store = new PrefixStore(100, Number.POSITIVE_INFINITY);
  const [a, b] = [known(ids(30, 20)), known(ids(40, 20))];
  store.add(a);
  store.add(b);
  expect(store.find(ids(20), goals)?.sequence).toBe(b);
});

test("sequences are kept up to the exact capacity in bytes", () => {
  const store = new PrefixStore(20, Number.POSITIVE_INFINITY);
  const [a, b, c, d] = [0, 1, 2, 3].map((n) => Int32Array.of(100 + n)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  store.add(known(a));
  store.add(known(b));
  expect([a, b].map((each) => store.find(each, goals) !== undefined)).toEqual([true, true]);
  store.add(known(c, 11));
  expect([a, b, c].map((each) => store.find(each, goals) !== undefined)).toEqual([false, false, true]);
  store.add(known(d, 9));
  expect([c, d].map((each) => store.find(each, goals) !== undefined)).toEqual([true, true]);
  store.clear();
  for (const each of [a, b]) store.add(known(each));
  expect([a, b].map((each) => store.find(each, goals) !== undefined)).toEqual([true, true]);
});

test("the most recently used sequences stay, and the newest stays whatever its size", () => {
  const store = new PrefixStore(20, Number.POSITIVE_INFINITY);
  const sequences = [0, 1, 2].map((n) => known(Int32Array.of(100 + n)));
  const [a, b, c] = sequences.map((sequence) => sequence.ids) as [Int32Array, Int32Array, Int32Array];
  for (const sequence of sequences.slice(0, 2)) store.add(sequence);
  expect(store.find(a, goals)).toBeDefined();
  for (const sequence of sequences.slice(2)) store.add(sequence);
  expect([a, b, c].map((each) => store.find(each, goals) !== undefined)).toEqual([true, false, true]);
  store.add(known(ids(4), 21));
  expect([a, b, c, ids(4)].map((each) => store.find(each, goals) !== undefined)).toEqual([
    false,
    false,
    false,
    true,
  ]);
  store.clear();
  expect(store.find(ids(4), goals)).toBeUndefined();
});

test.each([
  [3, 3, true],
  [15, 17, false],
  [16, 17, true],
  [16, 64, true],
  [16, 65, false],
  [0, 1, false],
])("%d of %d first tokens are worth reusing: %s", (shared, length, worth) => {
  expect(isWorthReusing(shared, length)).toBe(worth);
});
