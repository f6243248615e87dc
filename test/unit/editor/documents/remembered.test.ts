import { expect, test } from "vitest";
import { Remembered } from "../../../../extension/editor/documents/remembered";

/** Caches lengths, and records the texts that were not in the cache. */
function counted(most: number): { length: (text: string) => number; made: string[] } {
  const remembered = new Remembered<number>(most);
  const made: string[] = [];
  const make = (text: string): number => {
    made.push(text);
    return text.length;
  };
  return { length: (text) => remembered.get(text, () => make(text)), made };
}

test("the texts that were used last are kept, up to the limit", () => {
  const { length, made } = counted(6);
  for (const text of ["aa", "bb", "cc", "aa", "dd", "aa", "bb"]) expect(length(text)).toBe(2);
  expect(made).toEqual(["aa", "bb", "cc", "dd", "bb"]);
});

test("a text over the limit is kept until the next one", () => {
  const { length, made } = counted(6);
  for (const text of ["aa", "a".repeat(9), "a".repeat(9), "aa"]) length(text);
  expect(made).toEqual(["aa", "a".repeat(9), "aa"]);
});

test("a value may be undefined, and the cache can be cleared", () => {
  const remembered = new Remembered<undefined>(10);
  let made = 0;
  const get = (): undefined => remembered.get("a", () => void made++);
  get();
  get();
  expect(made).toBe(1);
  remembered.clear();
  get();
  expect(made).toBe(2);
});
