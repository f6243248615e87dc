import { expect, test } from "vitest";
import {
  count,
  decimal,
  percent,
  quoted,
  rewardText,
  short,
  signed,
} from "../../../extension/display/wording";

test("numbers have a true minus sign, and none if they round to zero", () => {
  expect([decimal(-0.834), decimal(0.5), decimal(-0.001)]).toEqual(["−0.83", "0.50", "0.00"]);
  expect([signed(4.6, 1), signed(-1.5, 1), signed(0), signed(0.001)]).toEqual([
    "+4.6",
    "−1.5",
    "0.00",
    "0.00",
  ]);
});

test("short numbers omit trailing zeros and keep others", () => {
  expect([0, -0.25, 0.5, 10, 100.5].map(short)).toEqual(["0", "−0.25", "0.5", "10", "100.5"]);
});

test("rewards between -1 and 1 have two decimals", () => {
  expect([3.14, -0.04, 120, 0.5].map(rewardText)).toEqual(["+3.1", "−0.04", "+120.0", "+0.50"]);
  expect([1, -1, 0.99].map(rewardText)).toEqual(["+1.0", "−1.0", "+0.99"]);
});

test("almost none is not 0%, and almost all is not 100%", () => {
  expect([0, 0.001, 0.12, 0.999, 1].map(percent)).toEqual(["0%", "1%", "12%", "99%", "100%"]);
});

test("a count of one has a singular noun", () => {
  expect([count(1, "token"), count(12, "token"), count(12_000, "row")]).toEqual([
    "1 token",
    "12 tokens",
    "12,000 rows",
  ]);
});

test("a quoted token shows characters that are invisible or reorder text", () => {
  expect(quoted(" 52")).toBe('" 52"');
  expect(quoted("a\n\t\u202eb")).toBe('"a\\n\\t\\u{202e}b"');
  expect(quoted("\ud83d")).toBe('"\\u{d83d}"');
  expect(quoted("👩‍🚀")).toBe('"👩‍🚀"');
});
