import { expect, test } from "vitest";
import type { ListedToken } from "../../../../../extension/display/token-list";
import type { Display, Side } from "../../../../../extension/protocol/panels/compare";
import {
  type ShadedText,
  shadeTexts,
  unitOfToken,
  worstToken,
} from "../../../../../webview/shared/strip/shaded-text";
import {
  detailsSentence,
  tokenDetails,
  unitSentence,
} from "../../../../../webview/shared/strip/token-details";
import { columnsOf } from "../../../../support/columns";

const display: Display = { metric: "q", granularity: "word", goal: "preferred", threshold: 0, scale: "full" };

function token(
  text: string,
  start: number,
  q: number | null,
  partialReward: number | null = null,
): ListedToken {
  return { id: 10 + start, text, start, end: start + text.length, q: { preferred: q }, partialReward };
}

const text = "un done it";
const side: Side = {
  label: "chosen",
  model: "default",
  text,
  reward: 1,
  percentile: null,
  truncated: 0,
  tokens: columnsOf(
    [
      token("un", 0, 0.5),
      token(" do", 2, 0.3),
      token("ne", 5, -0.4, 1.25),
      token(" it", 7, null),
      { ...token("<eos>", 10, 0.2), end: 10 },
    ],
    text,
  ),
  steps: [],
  warnings: [],
};
function shadeText(shown: Side, chosen: Display, before?: ShadedText): ShadedText {
  const [made] = shadeTexts([shown], chosen, [], before ? [before] : []);
  if (!made) throw new Error("one side, one text");
  return made;
}

const shaded = shadeText(side, display);

test("a unit is as good as its worst token, and added tokens stand at the end", () => {
  expect(shaded.units.map(({ start, end, value }) => [side.text.slice(start, end), value])).toEqual([
    ["un", 0.5],
    [" done", Math.fround(-0.4)],
    [" it", undefined],
    ["", Math.fround(0.2)],
  ]);
  const word = shaded.units[1];
  expect(word && worstToken(shaded.values, word)).toBe(2);
});

test("a token is found in the unit that holds it", () => {
  expect([0, 1, 2, 3, 4].map((index) => unitOfToken(shaded.units, index))).toEqual([0, 1, 1, 2, 3]);
  expect(unitOfToken([], 0)).toBe(-1);
});

test("a goal state that the side lacks, or none at all, leaves it without values", () => {
  expect(shadeText(side, { ...display, goal: "mine" }).values.every((value) => value === undefined)).toBe(
    true,
  );
  expect(shadeText(side, { ...display, goal: "" }).values.every((value) => value === undefined)).toBe(true);
});

test("units and tokens are put into words", () => {
  expect(shaded.units.map((unit) => unitSentence(shaded, unit))).toEqual([
    '"un", Q-value 0.50',
    '" done", Q-value −0.40, low',
    '" it", no value',
    '"<eos>", Q-value 0.20',
  ]);
  const details = tokenDetails(shaded, 2);
  expect(details && detailsSentence(details)).toBe(
    '"ne", id 15, token 3 of 5, Q −0.40, Q before 0.30, partial reward 1.25',
  );
  expect(tokenDetails(shaded, 3)?.figures[0]).toEqual({ name: "Q", value: "not a number" });
  expect(tokenDetails(shaded, 5)).toBeUndefined();
});

test("another threshold leaves values and units in place, another goal or granularity does not", () => {
  const moved = shadeText(side, { ...display, threshold: 0.4 }, shaded);
  expect(moved.units).toBe(shaded.units);
  expect(moved.values).toBe(shaded.values);
  expect(moved.scale.threshold).toBe(0.4);
  expect(shadeText(side, { ...display, goal: "mine" }, shaded).values).not.toBe(shaded.values);
  expect(shadeText(side, { ...display, granularity: "token" }, shaded).units).toHaveLength(5);
  expect(shadeText({ ...side }, display, shaded).units).not.toBe(shaded.units);
});

test("colors that span the range have one scale for all sides", () => {
  const higher = { ...side, tokens: columnsOf([token("un done it", 0, 0.9)], text) };
  const [first, second] = shadeTexts([side, higher], { ...display, scale: "range" }, []);
  expect(first?.scale).toEqual(second?.scale);
  expect(first?.scale).toMatchObject({
    low: Math.fround(-0.4),
    high: Math.fround(0.9),
    threshold: 0,
    middle: 0,
  });
});
