/** The model of the workbench's tests is what they take it for. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { cli } from "../support/cli";
import { temporaryFolder } from "../support/temp-folder";
import { lowWord, samples, writeFixtureModel } from "../vscode/support/fixture-model";

let model: string;

beforeAll(async () => {
  model = await temporaryFolder();
  await writeFixtureModel(model);
});

interface Scored {
  readonly field: string;
  readonly reward: number;
  readonly tokens: readonly { readonly text: string; readonly q: { readonly preferred: number } }[];
}

test("x", async () => {
  const { stdout, stderr } = await cli([
    "score",
    join(samples, "pairs.jsonl"),
    "-m",
    model,
    "-d",
    "cpu",
    "--json",
    "--tokens",
  ]);
  console.log(stderr, stdout.slice(0, 1500));
  const c = await cli(["score", join(samples, "pairs.jsonl"), "-m", model, "-d", "cpu"]);
  console.log(c.stdout);
});
