import { expect, test } from "vitest";
import { marginOf } from "../../../extension/display/margin";
import { scored } from "../../support/scores";

const chosen = (reward: number | null) => scored({ role: "chosen", reward });
const rejected = (reward: number | null) => scored({ role: "rejected", reward });

test("the margin is the chosen reward minus the best rejected one", () => {
  expect(marginOf([chosen(3), rejected(1)])).toBe(2);
  expect(marginOf([chosen(1), rejected(3)])).toBe(-2);
  expect(marginOf([chosen(3), rejected(-5), rejected(2), rejected(0)])).toBe(1);
  expect(marginOf([rejected(2), chosen(0), rejected(-1)])).toBe(-2);
});

test("the best of several chosen completions counts", () => {
  expect(marginOf([chosen(-1), chosen(4), rejected(1)])).toBe(3);
});

test("completions without a reward do not count, and completions of another role never do", () => {
  expect(marginOf([chosen(3), rejected(null), rejected(1), rejected(null)])).toBe(2);
  expect(marginOf([chosen(null), chosen(-3), rejected(-1)])).toBe(-2);
  expect(marginOf([chosen(3), rejected(1), scored({ role: "completion", reward: 2 })])).toBe(2);
});

test("there is no margin without a reward on both sides", () => {
  expect(marginOf([])).toBeUndefined();
  expect(marginOf([chosen(3)])).toBeUndefined();
  expect(marginOf([rejected(3)])).toBeUndefined();
  expect(marginOf([chosen(3), rejected(null)])).toBeUndefined();
  expect(marginOf([chosen(null), rejected(3)])).toBeUndefined();
  expect(marginOf([scored({ role: "completion", reward: 2 })])).toBeUndefined();
});
