import { expect, test } from "vitest";
import type { Unit } from "../../../../../extension/display/units";
import { stripMove, unitAfter } from "../../../../../webview/shared/strip/strip-keys";

const key = (name: string, held: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {}) =>
  stripMove({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held });

const units = [0.5, -0.2, 0.4, -0.3, 0.1].map(
  (value, i): Unit => ({ start: i, end: i + 1, firstToken: i, lastToken: i, value }),
);
const isLow = ({ value }: Unit): boolean => (value ?? 0) < 0;
const after = (from: number, move: Parameters<typeof unitAfter>[2]): number =>
  unitAfter(from, units, move, isLow);

test("keys that move, and those that are the browser's", () => {
  expect(["ArrowLeft", "End", "n", "N", "ArrowUp", "Enter", " "].map((name) => key(name))).toEqual([
    "left",
    "last",
    "next-low",
    "previous-low",
    "leave",
    "reveal",
    "reveal",
  ]);
  expect(key("Tab")).toBeUndefined();
  expect(key("n", { ctrlKey: true })).toBeUndefined();
  expect(key("ArrowLeft", { altKey: true })).toBeUndefined();
  expect(key("Home", { metaKey: true })).toBeUndefined();
});

test("arrows stop at the ends", () => {
  expect([after(2, "left"), after(0, "left"), after(2, "right"), after(4, "right")]).toEqual([1, 0, 3, 4]);
  expect([after(2, "first"), after(2, "last")]).toEqual([0, 4]);
});

test("low units are gone to in either direction, and where there is none it stays", () => {
  expect([after(0, "next-low"), after(1, "next-low"), after(3, "next-low")]).toEqual([1, 3, 3]);
  expect([after(4, "previous-low"), after(3, "previous-low"), after(1, "previous-low")]).toEqual([3, 1, 1]);
});
