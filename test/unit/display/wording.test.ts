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

test("numbers have a true minus, and none where they round to nothing", () => {
  expect([decimal(-0.834), decimal(0.5), decimal(-0.001)]).toEqual(["−0.83", "0.50", "0.00"]);
  expect([signed(4.6, 1), signed(-1.5, 1), signed(0), signed(0.001)]).toEqual([
    "+4.6",
    "−1.5",
    "0.00",
    "0.00",
  ]);
});

test("short numbers leave out zeros that say nothing, and keep those that do", () => {
  expect([0, -0.25, 0.5, 10, 100.5].map(short)).toEqual(["0", "−0.25", "0.5", "10", "100.5"]);
});

test("rewards below 1 have two digits", () => {
  expect([3.14, -0.04, 120, 0.5].map(rewardText)).toEqual(["+3.1", "−0.04", "+120.0", "+0.50"]);
  expect([1, -1, 0.99].map(rewardText)).toEqual(["+1.0", "−1.0", "+0.99"]);
});

test("nearly none is not 0%, nearly all is not 100%", () => {
  expect([0, 0.001, 0.12, 0.999, 1].map(percent)).toEqual(["0%", "1%", "12%", "99%", "100%"]);
});

test("counts have their noun in the right number", () => {
  expect([count(1, "token"), count(12, "token"), count(12_000, "row")]).toEqual([
    "1 token",
    "12 tokens",
    "12,000 rows",
  ]);
});

test("a quoted token shows what would not be seen, or would turn the text around it", () => {
  expect(quoted(" 52")).toBe('" 52"');
  expect(quoted("a\n\t\u202eb")).toBe('"a\\n\\t\\u{202e}b"');
  expect(quoted("\ud83d")).toBe('"\\u{d83d}"');
  expect(quoted("👩‍🚀")).toBe('"👩‍🚀"');
});
