/** The shipped default model on the samples, and on newly generated problems. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDatasets } from "../../models/recipe/word-problems/datasets";
import { pairRow } from "../../models/recipe/word-problems/examples";
import { cli } from "../support/cli";
import { root } from "../support/fixture";
import { temporaryFolder } from "../support/temp-folder";

const model = join(root, "models/default");
const samples = join(root, "models/samples/pairs.jsonl");
/** The first tokens are ignored, as in the paper's code. */
const skip = 5;

interface Scored {
  readonly row: number;
  readonly role: "chosen" | "rejected";
  readonly reward: number;
  readonly tokenScores: readonly {
    readonly start: number;
    readonly end: number;
    readonly q: { preferred: number };
  }[];
}

async function score(file: string): Promise<Scored[]> {
  const { code, stdout, stderr } = await cli([
    "score",
    file,
    "--model",
    model,
    "--device",
    "cpu",
    "--json",
    "--tokens",
  ]);
  // Some rewards are beyond those of the training data, which says nothing against the model.
  expect(stderr.replace(/^.*warning outside-known-rewards$/m, "")).not.toContain("warning");
  expect(code).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function byRow(scored: readonly Scored[]): Map<number, Record<"chosen" | "rejected", Scored>> {
  const rows = new Map<number, Record<"chosen" | "rejected", Scored>>();
  for (const one of scored)
    rows.set(one.row, { ...(rows.get(one.row) as Record<"chosen" | "rejected", Scored>), [one.role]: one });
  return rows;
}

test("it is small, and its card describes it", async () => {
  const files = await readdir(model, { recursive: true });
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(model, name))).size));
  expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThan(20e6);
  const card = await readFile(join(model, "README.md"), "utf8");
  for (const part of ["pair accuracy", "AUROC", "## Limits", "npm run train:default"])
    expect(card).toContain(part);
});

test("it ranks every sample correctly, and locates the incorrect line in all but one", async () => {
  const lines = (await readFile(samples, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const rows = byRow(await score(samples));
  expect(rows.size).toBe(lines.length);
  let found = 0;
  for (const [row, { chosen, rejected }] of rows) {
    expect(chosen.reward).toBeGreaterThan(rejected.reward);
    expect(chosen.tokenScores.slice(skip).every(({ q }) => q.preferred >= 0)).toBe(true);
    const low = rejected.tokenScores.find(({ q }, i) => i >= skip && q.preferred < 0);
    const text: string = lines[row].rejected;
    const before = text.slice(0, low?.end ?? 0).trimEnd();
    if (low && before.split("\n").length - 1 === lines[row].mistake.step) found++;
  }
  expect(found).toBeGreaterThanOrEqual(rows.size - 1);
});

test("it ranks new problems from another seed than its training data", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "pairs.jsonl");
  const { test: examples } = makeDatasets({ pairs: 0, test: 200 }, 2024);
  await writeFile(file, examples.map((example) => `${JSON.stringify(pairRow(example))}\n`).join(""));
  const rows = [...byRow(await score(file)).values()];
  expect(rows.length).toBe(200);
  const right = rows.filter(({ chosen, rejected }) => chosen.reward > rejected.reward).length;
  expect(right / rows.length).toBeGreaterThan(0.93);
});
