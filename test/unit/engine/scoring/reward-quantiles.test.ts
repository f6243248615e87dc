import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  readRewardQuantiles,
  writeRewardQuantiles,
} from "../../../../extension/engine/scoring/reward-quantiles";
import { temporaryFolder } from "../../../support/temp-folder";

const quantiles = Array.from({ length: 21 }, (_, i) => i - 10.5);

test("percentiles are read back as written, or undefined if there are none", async () => {
  const folder = await temporaryFolder();
  expect(await readRewardQuantiles(folder)).toBeUndefined();
  await writeRewardQuantiles(folder, quantiles);
  expect(await readRewardQuantiles(folder)).toEqual(quantiles);
});

test.each([
  ["{", /is not valid JSON/],
  ["[]", /must contain `quantiles`/],
  [JSON.stringify({ quantiles: [1, 2, 3] }), /21 non-decreasing numbers/],
  [JSON.stringify({ quantiles: { ...quantiles, length: 21 } }), /21 non-decreasing numbers/],
  [JSON.stringify({ quantiles: [...quantiles, 11] }), /21 non-decreasing numbers/],
  [JSON.stringify({ quantiles: quantiles.map(String) }), /21 non-decreasing numbers/],
  [
    JSON.stringify({ quantiles: quantiles.map((value, i) => (i === 0 ? null : value)) }),
    /21 non-decreasing numbers/,
  ],
  [JSON.stringify({ quantiles: [...quantiles].reverse() }), /non-decreasing/],
])("an invalid file is named: %s", async (text, problem) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "reward_quantiles.json"), text);
  await expect(readRewardQuantiles(folder)).rejects.toThrow(problem);
});

test("percentiles may be equal, as when many completions share a reward", async () => {
  const folder = await temporaryFolder();
  const alike = quantiles.map((value) => Math.max(0, value));
  await writeRewardQuantiles(folder, alike);
  expect(await readRewardQuantiles(folder)).toEqual(alike);
});

test("the error for an invalid file gives its path and what to do", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "reward_quantiles.json"), "{");
  await expect(readRewardQuantiles(folder)).rejects.toThrow(join(folder, "reward_quantiles.json"));
  await expect(readRewardQuantiles(folder)).rejects.toThrow(/\(.+\); delete it or create it again/);
});
