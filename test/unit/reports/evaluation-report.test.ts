/** One evaluation as text and as Markdown, with the same numbers and unchanged names. */
import { expect, test } from "vitest";
import { evaluationReportText } from "../../../extension/cli/output/evaluation-report";
import type { Evaluation } from "../../../extension/protocol/evaluation";
import { evaluationMarkdown } from "../../../extension/reports/evaluation-markdown";
import { evaluationReport } from "../../../extension/reports/evaluation-report";

const evaluation: Evaluation = {
  rows: 40,
  badRows: 1,
  completions: 80,
  withoutReward: 0,
  prompts: 40,
  rewardQuantiles: Array.from({ length: 21 }, (_, i) => i / 10 - 1),
  pairs: {
    pairs: 40,
    accuracy: { value: 0.75, interval: { low: 0.6, high: 0.9 } },
    margin: { value: 0.5, interval: undefined },
  },
  settings: {
    localization: { threshold: 0, skip: 5 },
    bootstrap: { resamples: 1000, seed: 1 },
  },
} as unknown as Evaluation;

test("as text for a terminal", () => {
  expect(evaluationReportText(evaluation, "m", "d.jsonl")).toMatchInlineSnapshot(`
    "m on d.jsonl: 40 rows, 80 completions
    1 bad row skipped
    rewards from -1.000 to 1.000, median 0.000

    40 preference pairs
      75.0%  [60.0%, 90.0%]  accuracy  share with the higher reward on the chosen side; chance is 50%
      0.500                  margin    mean of chosen reward − rejected reward

    [95% intervals] from 1,000 bootstrap resamples of the 40 prompts, seed 1"
  `);
});

test("as Markdown with aligned tables", () => {
  const report = evaluationReport(evaluation, "m", "d.jsonl");
  expect(evaluationMarkdown(report, ["device: cpu"]).replaceAll("\u00a0", "~")).toMatchInlineSnapshot(`
    "# m on d.jsonl

    - 40 rows, 80 completions
    - 1 bad row skipped
    - rewards from -1.000 to 1.000, median 0.000

    ## 40 preference pairs

    | measure  | value |     95%~interval |
    | -------- | ----: | ---------------: |
    | accuracy | 75.0% | \\[60.0%,~90.0%\\] |
    | margin   | 0.500 |                  |

    - accuracy: share with the higher reward on the chosen side; chance is 50%
    - margin: mean of chosen reward − rejected reward

    _\\[95% intervals\\] from 1,000 bootstrap resamples of the 40 prompts, seed 1_

    ## How it was run

    - device: cpu
    "
  `);
});

test("names are not read as Markdown or HTML", () => {
  const report = evaluationReport(evaluation, "<img src=x>", "*a*|[b](c).jsonl");
  const markdown = evaluationMarkdown(report, ["# `not` a heading"]);
  expect(markdown).toContain("# \\<img src=x\\> on \\*a\\*\\|\\[b\\](c).jsonl");
  expect(markdown).toContain("- \\# \\`not\\` a heading");
});

test("AUROC by part of the completions is a transposed table, for narrow pages", () => {
  const partial = [0, 0.5, 1].map((share) => ({ share, auroc: share }));
  const labels = { right: 1, wrong: 7, auroc: { value: 0.5, interval: undefined }, partial };
  const { pairs: _, ...others } = evaluation;
  const report = evaluationReport({ ...others, labels } as unknown as Evaluation, "m", "d.jsonl");
  expect(evaluationMarkdown(report, []).replaceAll("\u00a0", "~")).toContain(
    ["| read | AUROC |", "| ---: | ----: |", "|   0% |  0.00 |", "|  50% |  0.50 |", "| 100% |  1.00 |"].join(
      "\n",
    ),
  );
});

test("a model that was trained on the data gets a warning before any number", () => {
  const trainedOn = { run: "first", pairs: 4000, heldOut: 1000 };
  const report = evaluationReport({ ...evaluation, trainedOn }, "m", "d.jsonl");
  const warning = /the model was trained on this data \(4,000 pairs, run first; only 1,000 pairs/;
  expect(report.warnings).toEqual([expect.stringMatching(warning)]);
  const text = evaluationReportText({ ...evaluation, trainedOn }, "m", "d.jsonl");
  expect(text.search(/warning: the model was trained/)).toBeLessThan(text.indexOf("accuracy"));
  expect(evaluationMarkdown(report, [])).toMatch(/\*\*Warning:\*\* the model was trained/);
  const all = evaluationReport({ ...evaluation, trainedOn: { ...trainedOn, heldOut: 0 } }, "m", "d.jsonl");
  expect(all.warnings[0]).not.toContain("held out");
});
