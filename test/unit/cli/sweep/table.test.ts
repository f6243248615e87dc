import { expect, test } from "vitest";
import { sweepJson, sweepNotes } from "../../../../extension/cli/sweep/report";
import {
  type SweepRow,
  type SweepRun,
  sweepMarkdown,
  sweepTable,
  withGains,
} from "../../../../extension/cli/sweep/table";

function run(
  seed: number,
  measures: SweepRun["measures"],
  status: SweepRun["status"] = "finished",
): SweepRun {
  return { seed, run: `s${seed}`, status, measures };
}

const rows: readonly SweepRow[] = [
  {
    settings: { lambda: "0" },
    runs: [
      run(1, { accuracy: 0.6, rankingLoss: 0.7, margin: 0.1 }),
      run(2, { accuracy: 0.62, rankingLoss: 0.69, margin: 0.2 }),
      run(3, { accuracy: 0.64, rankingLoss: 0.68, margin: 0.3 }),
    ],
  },
  {
    settings: { lambda: "0.5", head: "mlp" },
    runs: [
      run(1, { accuracy: 0.75, rankingLoss: 0.5, contrastiveLoss: 1.2, margin: 0.5 }),
      run(2, {}, "failed"),
    ],
  },
];

test("each combination is a line of means over seeds; one seed alone has no interval", () => {
  // ± t(2) · s/√3 = 4.30265 · s/√3: 4.968 for s = 2%, 0.0248 for 0.01, 0.2484 for 0.1.
  expect(sweepTable(rows)).toMatchInlineSnapshot(`
    "settings                     runs     accuracy   ranking loss  contrastive loss         margin
    lambda 0                        3  62.0 ± 5.0%  0.690 ± 0.025                 –  0.200 ± 0.248
    lambda 0.5, head mlp  1, 1 failed        75.0%          0.500             1.200          0.500"
  `);
});

test("gains are computed per seed, so they vary less than accuracies", () => {
  const of = (...accuracies: number[]) => accuracies.map((accuracy, i) => run(i + 1, { accuracy }));
  const gained = withGains([
    { settings: { lambda: "0" }, runs: of(0.5, 0.7, 0.6) },
    { settings: { lambda: "0.5" }, runs: [...of(0.52, 0.73, 0.61), run(4, { accuracy: 0.9 })] },
    { settings: { lambda: "0.9" }, runs: of(0.4).concat(run(2, {}, "failed")) },
  ]);
  // The gains of the second are 2, 3 and 1 points, with deviation 1: ± 4.30265 / √3.
  expect(sweepTable(gained)).toMatchInlineSnapshot(`
    "settings           runs      accuracy         gain
    lambda 0              3  60.0 ± 24.8%            –
    lambda 0.5            4  69.0 ± 26.1%  +2.0 ± 2.5%
    lambda 0.9  1, 1 failed         40.0%       -10.0%"
  `);
});

test("measures of a test set have columns if there is one", () => {
  const tested = [{ settings: {}, runs: [run(1, { testAccuracy: 0.5, testAuroc: 0.8125 })] }];
  expect(sweepTable(tested)).toBe(
    ["settings  runs  test accuracy  test AUROC", "as given     1          50.0%       0.813"].join("\n"),
  );
});

test("Markdown has the same cells and explains them", () => {
  const facts = { data: "pairs.jsonl", start: "./base", seeds: 3, test: undefined };
  const text = sweepMarkdown(rows, "Sweep over pairs.jsonl", sweepNotes(facts));
  expect(text.split("\n")).toEqual([
    "# Sweep over pairs.jsonl",
    "",
    "| settings | runs | accuracy | ranking loss | contrastive loss | margin |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    "| lambda 0 | 3 | 62.0 ± 5.0% | 0.690 ± 0.025 | – | 0.200 ± 0.248 |",
    "| lambda 0.5, head mlp | 1, 1 failed | 75.0% | 0.500 | 1.200 | 0.500 |",
    "",
    expect.stringContaining("3 seeds each"),
    "",
    expect.stringContaining("Student's t"),
    "",
  ]);
});

test("JSON keeps every run and the means at full precision; failed runs count in no mean", () => {
  const { combinations } = JSON.parse(
    sweepJson(rows, { data: "pairs.jsonl", start: "./base", seeds: 3, test: undefined }),
  );
  expect(combinations[0].means.accuracy.mean).toBeCloseTo(0.62, 12);
  expect(combinations[0].means.accuracy.interval.high).toBeCloseTo(
    0.62 + (4.30265273 * 0.02) / Math.sqrt(3),
    8,
  );
  expect(combinations[1].means.accuracy).toEqual({ mean: 0.75 });
  expect(combinations[1].runs).toHaveLength(2);
});
