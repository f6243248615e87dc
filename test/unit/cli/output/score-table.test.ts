import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { ScoreTable } from "../../../../extension/cli/output/score-table";
import { Summary } from "../../../../extension/cli/output/summary";
import { scored } from "../../../support/scores";

const pair = {
  row: 12,
  place: "pairs.jsonl:13",
  texts: ["a", "b"],
  scores: [
    scored({ role: "chosen", reward: 0.5, tokens: 7, q: { good: { min: -0.25, mean: 0.1, last: 0.3 } } }),
    scored({
      role: "rejected",
      reward: 0.75,
      tokens: 9,
      q: { good: { min: 0, mean: 0.2, last: 0.4 } },
      warnings: [{ kind: "truncated", tokens: 1 }],
    }),
  ],
};

test("a pair is two lines, with its margin on the first and warnings at the end", () => {
  expect(new ScoreTable(new Chalk({ level: 0 })).lines([pair]).join("\n")).toMatchInlineSnapshot(`
    "   row  role          reward     margin  Q min    mean    last  tokens  warnings
        12  chosen         0.500   -0.250 ✗  -0.250   0.100   0.300       7
            rejected       0.750              0.000   0.200   0.400       9  truncated: 1 token at the end did not fit"
  `);
});

test("further goal states have their own lines, and a model without a head shows a dash", () => {
  const q = { good: { min: 0.1, mean: 0.2, last: 0.3 }, safe: { min: null, mean: null, last: null } };
  const row = { row: 0, place: "a:1", texts: [""], scores: [scored({ q })] };
  expect(new ScoreTable(new Chalk({ level: 0 })).lines([row]).slice(1).join("\n")).toMatchInlineSnapshot(`
    "     0  completion         –             good  0.100   0.200   0.300       0
                                             safe      –       –       –"
  `);
});

test("the summary counts rows, pairs and warnings", () => {
  const summary = new Summary();
  summary.add(pair);
  summary.add({
    ...pair,
    scores: [scored({ role: "chosen", reward: 2 }), scored({ role: "rejected", reward: 1 })],
  });
  summary.add({ row: 3, place: "pairs.jsonl:4", problem: "is not JSON" });
  expect(summary.text().replace(/[\d.]+ s\b/, "N s")).toMatchInlineSnapshot(`
    "2 rows, 4 completions, 16 tokens in them, N s
    1 bad row skipped
    1 of 2 pairs ranked correctly (50.0%)
    1 completion with the warning truncated"
  `);
});
