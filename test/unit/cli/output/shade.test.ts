import { Chalk } from "chalk";
import fc from "fast-check";
import { expect, test } from "vitest";
import { segments, shadedCompletions } from "../../../../extension/cli/output/shade";
import { scored, tokensAt } from "../../../support/scores";

test("the text is cut at token boundaries, and text without tokens is not shaded", () => {
  expect(segments("one two!", tokensAt([0, 3, 0.5], [4, 7, -0.5]), "good")).toEqual([
    { text: "one", q: 0.5 },
    { text: " ", q: undefined },
    { text: "two", q: -0.5 },
    { text: "!", q: undefined },
  ]);
});

test("tokens that share a character, such as bytes of an emoji, show their lowest Q", () => {
  expect(
    segments(
      "a🙂b",
      tokensAt([0, 1, 0.75], [1, 3, 0.25], [1, 3, -0.375], [1, 3, 0.125], [3, 4, 0.875]),
      "good",
    ),
  ).toEqual([
    { text: "a", q: 0.75 },
    { text: "🙂", q: -0.375 },
    { text: "b", q: 0.875 },
  ]);
});

test("the segments make up the text for any ranges", () => {
  const range = fc.tuple(fc.nat(20), fc.nat(20), fc.double({ min: -1, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.array(range), (text, ranges) => {
      const sorted = ranges
        .map(([a, b, q]): [number, number, number] => [
          Math.min(a, b, text.length),
          Math.min(Math.max(a, b), text.length),
          q,
        ])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      const joined = segments(text, tokensAt(...sorted), "good").map((segment) => segment.text);
      expect(joined.join("")).toBe(text);
    }),
  );
});

const row = {
  row: 3,
  place: "pairs.jsonl:4",
  texts: ["right\nwrong"],
  scores: [
    scored({
      role: "chosen",
      reward: 1.25,
      q: { good: { min: -0.5, mean: 0.1, last: 0.2 } },
      tokenScores: tokensAt([0, 6, 0.7], [6, 11, -0.5]),
    }),
  ],
};

test("without colors, low-Q tokens are in brackets", () => {
  expect(shadedCompletions([row], new Chalk({ level: 0 }))).toEqual([
    "row 3 chosen  reward 1.250  lowest Q -0.500 (good)\nright\n⟦wrong⟧\n",
  ]);
});

test("with colors, low is red and underlined, high is blue, and no background crosses a line break", () => {
  const [text = ""] = shadedCompletions([row], new Chalk({ level: 3 }));
  expect(JSON.stringify(text)).toMatchInlineSnapshot(
    `""\\u001b[1mrow 3 chosen\\u001b[22m  reward 1.250  lowest Q -0.500 (good)\\n\\u001b[48;2;26;79;133m\\u001b[37mright\\u001b[39m\\u001b[49m\\n\\u001b[48;2;111;15;27m\\u001b[37m\\u001b[4mwrong\\u001b[24m\\u001b[39m\\u001b[49m\\n""`,
  );
});
