/** Views are derived once per change, for any number of readers. */
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

test("many readers share one derivation", () => {
  const a = { name: "a", value: 1 };
  expect([derived.get(a), derived.get(a), derived.get(a)]).toEqual([1, 1, 1]);
  expect(derivations).toEqual(["a"]);
});

test("changes within a frame are reported together, and readers never see old values", async () => {
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

test("urgent changes are reported at once, and only once", async () => {
  const a = { name: "a", value: 1 };
  derived.changed(a);
  derived.changedNow(a);
  expect(told).toEqual([["a"]]);
  await clock.pass(30);
  expect(told).toEqual([["a"]]);
});

test("a closed document is no longer reported", async () => {
  const a = { name: "a", value: 1 };
  derived.changed(a);
  derived.keep([]);
  await clock.pass(30);
  expect(told).toEqual([]);
});
