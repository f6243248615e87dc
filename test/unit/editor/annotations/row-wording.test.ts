import { describe, expect, test } from "vitest";
import {
  completionName,
  cursorText,
  hintText,
  marginText,
  percentileText,
  rowTitle,
  takenTexts,
  warningLens,
  warningTexts,
} from "../../../../extension/editor/annotations/row-wording";
import { scored } from "../../../support/scores";

const chosen = scored({ role: "chosen", reward: 3.1 });
const rejected = scored({ role: "rejected", reward: -1.5 });
/** 0, 1, …, 20: the percentile is five times the reward. */
const rewardQuantiles = Array.from({ length: 21 }, (_, i) => i);
const options = { goal: "good", rewardQuantiles };
const lowest = (min: number | null) => ({ good: { min, mean: 0, last: 0 } });

test("a row says how it was read, and why", () => {
  expect(takenTexts("conversation").title).toBe("as a conversation");
  expect(takenTexts("marked").tooltip).toContain("remove the marks");
  expect(takenTexts("plain-text")).toEqual({
    title: "as plain text",
    tooltip: expect.stringContaining("no chat template"),
  });
});

describe("the title of a row", () => {
  test("has both rewards of a pair and the margin", () => {
    expect(rowTitle([chosen, rejected], options)).toBe("chosen +3.1 · rejected −1.5 · margin +4.6 ✓");
  });

  test("shows if the rejected completion ranks first, or equal", () => {
    const worse = scored({ role: "chosen", reward: -2 });
    expect(rowTitle([worse, rejected], options)).toBe("chosen −2.0 · rejected −1.5 · margin −0.50 ✗");
    expect(marginText([{ ...chosen, reward: -1.5 }, rejected])).toBe("margin 0.00 ✗");
  });

  test("has the reward, percentile and lowest Q of a single completion", () => {
    const only = scored({ reward: 2.4, q: lowest(-0.83) });
    expect(rowTitle([only], options)).toBe(
      "reward +2.4 · higher than 12% of this model's completions · lowest Q −0.83",
    );
    expect(rowTitle([only], { goal: undefined, rewardQuantiles: undefined })).toBe("reward +2.4");
  });

  test("has the lowest Q of each completion if the model has no reward head", () => {
    const pair = [
      scored({ role: "chosen", q: lowest(0.41) }),
      scored({ role: "rejected", q: lowest(-0.83) }),
    ];
    expect(rowTitle(pair, options)).toBe("chosen lowest Q 0.41 · rejected lowest Q −0.83");
    expect(rowTitle([scored({ q: lowest(null) })], options)).toBe("no score");
  });

  test("numbers completions of the same role, and cuts a long list short", () => {
    const many = Array.from({ length: 8 }, (_, i) => scored({ reward: i + 1 }));
    expect(rowTitle(many, options)).toMatch(/^completion 1 \+1\.0 · .* · completion 6 \+6\.0 · 2 more$/);
    expect(completionName([chosen, rejected, { ...rejected }], rejected)).toBe("rejected 1");
  });
});

test("warnings name their completion if there are several", () => {
  const short = { ...rejected, warnings: [{ kind: "truncated", tokens: 3 } as const] };
  expect(warningTexts([chosen, short])).toEqual(["rejected: truncated: 3 tokens at the end did not fit"]);
  expect(warningTexts([short])).toEqual(["truncated: 3 tokens at the end did not fit"]);
});

test("a pair with a truncated text has a margin and no verdict", () => {
  const cut = { ...rejected, truncated: 3 };
  expect(marginText([chosen, cut])).toBe("margin +4.6 (cut off, no verdict)");
  expect(rowTitle([{ ...chosen, reward: -1.5 }, cut], options)).not.toMatch(/[✓✗]/);
});

test("a lens has one warning, cut short, or their number, and all of them in its tooltip", () => {
  const long = "rejected: truncated: 1,266 tokens at the end did not fit in what the model reads";
  expect(warningLens([])).toBeUndefined();
  expect(warningLens(["the completion is empty"])?.title).toBe("⚠ the completion is empty");
  expect(warningLens([long])?.title).toHaveLength(50);
  expect(warningLens([long])?.tooltip).toBe(long);
  expect(warningLens([long, "b"])).toEqual({ title: "⚠ 2 warnings", tooltip: `${long}\nb` });
});

test("the status bar has the completion under the cursor, and the margin", () => {
  expect(cursorText([chosen, rejected], rejected, "good")).toBe("rejected −1.5 · margin +4.6 ✓");
  expect(cursorText([scored({ reward: 2 })], scored({ reward: 2 }), "good")).toBe("reward +2.0");
  const headless = scored({ q: lowest(-0.5) });
  expect(cursorText([headless], headless, "good")).toBe("lowest Q −0.50");
});

test("a hint has the reward, or the lowest Q", () => {
  expect(hintText(chosen, "good")).toBe("reward +3.1");
  expect(hintText(scored({ q: lowest(0.2) }), "good")).toBe("lowest Q 0.20");
});

test("a percentile is shown only if it is known", () => {
  expect(percentileText(18, rewardQuantiles)).toBe("higher than 90% of this model's completions");
  expect(percentileText(25, rewardQuantiles)).toBe("outside this model's known rewards");
  expect(percentileText(-1, rewardQuantiles)).toBe("outside this model's known rewards");
  expect([percentileText(null, rewardQuantiles), percentileText(1, undefined)]).toEqual([
    undefined,
    undefined,
  ]);
});
