/** What annotations read is derived once per change, however many read it. */
import { beforeEach, expect, test } from "vitest";
import { Derived } from "../../../../extension/editor/annotations/derived";
import { FakeClock } from "../../../support/fake-clock";

interface Key {
  readonly name: string;
  value: number;
}

let clock: FakeClock;
let derivations: string[];
let told: string[][];
let derived: Derived<Key, number>;

beforeEach(() => {
  clock = new FakeClock();
  derivations = [];
  told = [];
  derived = new Derived({
    clock,
    delay: 30,
    derive: ({ name, value }) => {
      derivations.push(name);
      return value;
    },
    tell: (keys) => told.push(keys.map(({ name }) => name)),
  });
});

test("many readers, one derivation", () => {
  const a = { name: "a", value: 1 };
  expect([derived.get(a), derived.get(a), derived.get(a)]).toEqual([1, 1, 1]);
  expect(derivations).toEqual(["a"]);
});

test("many changes within a frame are told together, and readers never see what was before", async () => {
  const [a, b] = [
    { name: "a", value: 1 },
    { name: "b", value: 2 },
  ];
  derived.get(a);
  a.value = 3;
  derived.changed(a);
  expect(derived.get(a)).toBe(3);
  derived.changed(b);
  derived.changed(a);
  await clock.pass(29);
  expect(told).toEqual([]);
  await clock.pass(1);
  expect(told).toEqual([["a", "b"]]);
  derived.changed(b);
  await clock.pass(30);
  expect(told).toEqual([["a", "b"], ["b"]]);
});

test("what must not stay on the screen is told at once, and not again", async () => {
  const a = { name: "a", value: 1 };
  derived.changed(a);
  derived.changedNow(a);
  expect(told).toEqual([["a"]]);
  await clock.pass(30);
  expect(told).toEqual([["a"]]);
});

test("a document that is closed is told no more", async () => {
  const a = { name: "a", value: 1 };
  derived.changed(a);
  derived.keep([]);
  await clock.pass(30);
  expect(told).toEqual([]);
});
