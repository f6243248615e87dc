/** Text from files inside the hover's Markdown. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { literal } from "../../../../extension/editor/annotations/literal-markdown";
import { tokenParagraphs } from "../../../../extension/editor/annotations/token-wording";
import type { TokenScores } from "../../../../extension/protocol/scores";

/** The text that a reader sees for entities. */
function shown(markdown: string): string {
  return markdown
    .replaceAll("&nbsp;", " ")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe("literal text", () => {
  test("contains no Markdown or HTML syntax, whatever the text", () => {
    const hostile = fc.constantFrom(
      "`",
      "```\n",
      "<b>",
      "&lt;",
      "[a](command:x)",
      "http://a.b",
      "**",
      "$(eye)",
      "\\",
    );
    const text = fc.array(fc.oneof(hostile, fc.string()), { maxLength: 5 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (value) => {
        const markdown = literal(value);
        expect(markdown.replace(/&nbsp;|&#\d+;/g, "")).toMatch(/^[\p{L}\p{N}]*$/u);
        expect(shown(markdown)).toBe(value);
      }),
    );
  });
});

/** Tokens with these texts, and Q-values by goal state. */
function tokens(
  texts: readonly string[],
  q: Readonly<Record<string, readonly number[]>>,
  partialRewards?: readonly number[],
): TokenScores {
  return {
    ids: Int32Array.from(texts, (_, i) => 1183 + i),
    starts: new Int32Array(texts.length),
    ends: new Int32Array(texts.length),
    ...(partialRewards ? { partialRewards: Float32Array.from(partialRewards) } : {}),
    q: Object.fromEntries(Object.entries(q).map(([goal, values]) => [goal, Float32Array.from(values)])),
    ownTexts: Object.fromEntries(texts.map((text, i) => [1183 + i, text])),
  };
}
const rewardQuantiles = Array.from({ length: 21 }, (_, i) => i - 10);

describe("the paragraphs of a token", () => {
  const two = tokens([" is", "<b>`52`"], { other: [0.5, Number.NaN], preferred: [0.7, -0.35] }, [0.1, -7.6]);

  test("are its text, Q for every goal state with the chosen one first, and partial reward", () => {
    const paragraphs = tokenParagraphs(two, "", 1, { goal: "preferred", rewardQuantiles });
    expect(paragraphs.map(shown)).toEqual([
      '**"<b>`52`"** · id 1184 · token 2 of 2',
      "Q for preferred: **−0.35** (−1.05 from 0.70 before)",
      "Q for other: not a number",
      "Partial reward: **−7.6**, higher than 12% of this model's completions",
    ]);
    expect(paragraphs.join("")).not.toMatch(/[<`]/);
  });

  test("of the first token have no change, and no partial reward if there is none", () => {
    const first = tokens(["a"], { good: [0.25] });
    expect(tokenParagraphs(first, "", 0, { goal: "good", rewardQuantiles: undefined }).map(shown)).toEqual([
      '**"a"** · id 1183 · token 1 of 1',
      "Q for good: **0.25**",
    ]);
    expect(tokenParagraphs(first, "", 1, { goal: "good", rewardQuantiles: undefined })).toEqual([]);
  });

  test("show the name of a goal state as literal text", () => {
    const [, line] = tokenParagraphs(tokens(["a"], { "[x](command:y)": [0] }), "", 0, {
      goal: undefined,
      rewardQuantiles: undefined,
    });
    expect(line).not.toContain("](");
    expect(shown(line ?? "")).toBe("Q for [x](command:y): **0.00**");
  });
});
