import { expect, test } from "vitest";
import type { Display, Side, SideToken } from "../../../../../extension/protocol/compare";
import { shadeText, unitOfToken, worstToken } from "../../../../../webview/shared/strip/shaded-text";
import {
  detailsSentence,
  tokenDetails,
  unitSentence,
} from "../../../../../webview/shared/strip/token-details";

const display: Display = { metric: "q", granularity: "word", goal: "preferred", threshold: 0 };

function token(
  text: string,
  start: number,
  q: number | null,
  partialReward: number | null = null,
): SideToken {
  return { id: 10 + start, text, start, end: start + text.length, q: { preferred: q }, partialReward };
}

const side: Side = {
  label: "chosen",
  model: "default",
  text: "un done it",
  reward: 1,
  percentile: null,
  tokens: [
    token("un", 0, 0.5),
    token(" do", 2, 0.25),
    token("ne", 5, -0.375, 1.25),
    token(" it", 7, null),
    { ...token("<eos>", 10, 0.25), end: 10 },
  ],
  steps: [],
  warnings: [],
};
const shaded = shadeText(side, display, []);

test("a unit is as good as its worst token, and added tokens stand at the end", () => {
  expect(shaded.units.map(({ start, end, value }) => [side.text.slice(start, end), value])).toEqual([
    ["un", 0.5],
    [" done", -0.375],
    [" it", undefined],
    ["", 0.25],
  ]);
  const word = shaded.units[1];
  expect(word && worstToken(shaded.values, word)).toBe(2);
});

test("a token is found in the unit that holds it", () => {
  expect([0, 1, 2, 3, 4].map((index) => unitOfToken(shaded.units, index))).toEqual([0, 1, 1, 2, 3]);
  expect(unitOfToken([], 0)).toBe(-1);
});

test("a goal state that the side lacks, or none at all, leaves it without values", () => {
  expect(shadeText(side, { ...display, goal: "mine" }, []).values.every((value) => value === undefined)).toBe(
    true,
  );
  expect(shadeText(side, { ...display, goal: "" }, []).values.every((value) => value === undefined)).toBe(
    true,
  );
});

test("units and tokens are put into words", () => {
  expect(shaded.units.map((unit) => unitSentence(shaded, unit))).toEqual([
    '"un", Q-value 0.50',
    '" done", Q-value −0.38, low',
    '" it", no value',
    '"<eos>", Q-value 0.25',
  ]);
  const details = tokenDetails(shaded, 2);
  expect(details && detailsSentence(details)).toBe(
    '"ne", id 15, token 3 of 5, Q −0.38, Q before 0.25, partial reward 1.25',
  );
  expect(tokenDetails(shaded, 3)?.figures[0]).toEqual({ name: "Q", value: "not a number" });
  expect(tokenDetails(shaded, 5)).toBeUndefined();
});
