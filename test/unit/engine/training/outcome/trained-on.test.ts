/** Tests that a model's training data is recognized by its run, its card, or those of the model it started from. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { modelCard } from "../../../../../extension/engine/training/outcome/model-card";
import { trainedOn } from "../../../../../extension/engine/training/outcome/trained-on";
import type { RunRecord } from "../../../../../extension/protocol/runs";
import { runRecord } from "../../../../support/runs";
import { temporaryFolder } from "../../../../support/temp-folder";

const text = '{"prompt":"a","chosen":"b","rejected":"c"}\n';
const data = {
  path: "/elsewhere/pairs.jsonl",
  bytes: text.length,
  sha256: createHash("sha256").update(text).digest("hex"),
};
const record = runRecord({ name: "first", model: "/base", data, trainingPairs: 3600, evaluationPairs: 400 });

let folder: string;
let dataset: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  dataset = join(folder, "copy.jsonl");
  await writeFile(dataset, text);
});

async function run(name: string, written: RunRecord | string): Promise<string> {
  const model = join(folder, name, "model");
  await mkdir(model, { recursive: true });
  const json = typeof written === "string" ? written : JSON.stringify(written);
  await writeFile(join(folder, name, "run.json"), json);
  return model;
}

const expected = { run: "first", pairs: 3600, heldOut: 400 };

test("by its run, whatever the name of the file", async () => {
  expect(await trainedOn(await run("first", record), dataset)).toEqual(expected);
});

test("by its run, for a checkpoint too", async () => {
  await run("first", record);
  expect(await trainedOn(join(folder, "first", "checkpoints", "step-000100"), dataset)).toEqual(expected);
});

test("by the run of the model it started from", async () => {
  const base = await run("first", record);
  const other = { ...data, sha256: "0".repeat(64) };
  const model = await run("second", { ...record, name: "second", model: base, data: other });
  expect(await trainedOn(model, dataset)).toEqual(expected);
});

test("by its card alone, once it is copied or downloaded", async () => {
  const details = {
    step: 10,
    hasPlainHead: true,
    usesTemplate: false,
    appendsEos: false,
    rewardToken: "last token",
    padding: "own",
  } as const;
  await writeFile(join(folder, "README.md"), modelCard(record, [], details));
  expect(await trainedOn(folder, dataset)).toEqual({ ...expected, run: folder.split("/").at(-1) });
});

test("not for a file that differs in a byte, nor by a record or card without a fingerprint", async () => {
  const model = await run("first", record);
  await writeFile(dataset, text.replace("b", "d"));
  expect(await trainedOn(model, dataset)).toBeUndefined();
  expect(await trainedOn(await run("broken", "{"), dataset)).toBeUndefined();
  await writeFile(join(folder, "README.md"), "# A model\n");
  expect(await trainedOn(folder, dataset)).toBeUndefined();
  expect(await trainedOn("/no/such/model", "/no/such/file")).toBeUndefined();
});

test("two runs that start from each other do not lead to an endless loop", async () => {
  const other = { ...data, sha256: "0".repeat(64) };
  const model = await run("a", { ...record, data: other, model: join(folder, "a", "model") });
  expect(await trainedOn(model, dataset)).toBeUndefined();
});
