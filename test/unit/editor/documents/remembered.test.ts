import { expect, test } from "vitest";
import { Remembered } from "../../../../extension/editor/documents/remembered";

/** Remembers lengths, and says which texts it had to make them of. */
function counted(most: number): { length: (text: string) => number; made: string[] } {
  const remembered = new Remembered<number>(most);
  const made: string[] = [];
  const make = (text: string): number => {
    made.push(text);
    return text.length;
  };
  return { length: (text) => remembered.get(text, () => make(text)), made };
}

test("texts that were used last are kept, as many as there is room for", () => {
  const { length, made } = counted(6);
  for (const text of ["aa", "bb", "cc", "aa", "dd", "aa", "bb"]) expect(length(text)).toBe(2);
  expect(made).toEqual(["aa", "bb", "cc", "dd", "bb"]);
});

test("a text that is longer than the room is kept until the next", () => {
  const { length, made } = counted(6);
  for (const text of ["aa", "a".repeat(9), "a".repeat(9), "aa"]) length(text);
  expect(made).toEqual(["aa", "a".repeat(9), "aa"]);
});

test("what was made may be nothing, and all can be forgotten", () => {
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
