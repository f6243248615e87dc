import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Evaluation } from "../../../extension/protocol/evaluation";
import { defaultCard } from "../../../models/recipe/card";
import { temporaryFolder } from "../../support/temp-folder";

const shared = {
  rows: 2,
  badRows: 0,
  completions: 4,
  prompts: 2,
  withoutReward: 0,
  rewardQuantiles: [],
  settings: { localization: { threshold: 0, skip: 5 }, bootstrap: { seed: 1, resamples: 10 } },
};
const measured = (value: number) => ({ value, interval: undefined });
const fresh = {
  pairs: {
    ...shared,
    pairs: { pairs: 2, accuracy: measured(0.981), margin: measured(3) },
  } satisfies Evaluation,
  labeled: {
    ...shared,
    labels: { right: 2, wrong: 2, auroc: measured(0.972), partial: [] },
  } satisfies Evaluation,
  steps: {
    ...shared,
    localization: {
      preferred: {
        wrong: 2,
        inside: 0.9,
        earlier: 0.1,
        later: 0,
        none: 0,
        chance: 0.3,
        right: 2,
        alarms: 0.05,
        leftOut: 0,
      },
    },
  } satisfies Evaluation,
};

test("the card contains what was measured, and nothing else", async () => {
  const card = await defaultCard(await temporaryFolder(), 1_895_232, fresh);
  expect(card).toContain("1.9 million parameters");
  expect(card).toContain("| pair accuracy | 98.1% |");
  expect(card).toContain("| AUROC of correct against incorrect | 97.2% |");
  expect(card).toContain("| first low-Q token is in the incorrect step | 90.0% |");
  expect(card).toContain("| correct solutions with a low-Q token | 5.0% |");
  expect(card).not.toContain("What the contrastive loss brings");
  expect(card).not.toContain("On real data");
});

test("the card includes a comparison and real-data results from the folder", async () => {
  const folder = await temporaryFolder();
  const mean = { mean: 0.9, interval: { low: 0.88, high: 0.92 } };
  const comparison = { seeds: 3, contrastive: { auroc: mean }, ranking: { auroc: { mean: 0.8 } } };
  await writeFile(join(folder, "comparison.json"), JSON.stringify(comparison));
  const real = {
    "this model": { SVAMP: { completions: 6000, pooled: { mean: 0.52 }, withinSource: { mean: 0.51 } } },
  };
  await writeFile(join(folder, "real-data.json"), JSON.stringify(real));
  const card = await defaultCard(folder, 1_895_232, fresh);
  expect(card).toContain("| AUROC of correct against incorrect | 90.0 ± 2.0% | 80.0% |");
  expect(card).toContain("| pair accuracy | – | – |");
  expect(card).toContain("| SVAMP | 6,000 | 52.0% | 51.0% |");
  expect(card).not.toContain("MultiArith | ");
});
