/** File names of datasets, names of goal states, and copies of models. */
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isDatasetName, stemOf } from "../../../extension/dialogs/dataset-files";
import { nameProblem, strategyHelp } from "../../../extension/dialogs/goal-choices";
import { InputError } from "../../../extension/engine/errors";
import { goalStrategies } from "../../../extension/protocol/goals";
import { copyModel, isWritable } from "../../../extension/training/model-copy";
import { missing } from "../../support/machine";
import { temporaryFolder } from "../../support/temp-folder";

test.each([
  "data/pairs.jsonl",
  "a.json",
  "b.parquet",
  "c.CSV",
  "d.tsv.gz",
  "e.ndjson",
  "my config data.json",
])("%s may be a dataset", (name) => expect(isDatasetName(name)).toBe(true));

test.each([
  "package.json",
  "tsconfig.base.json",
  "model/config.json",
  "adapter_config.json",
  "tokenizer_config.json",
  "model.safetensors.index.json",
  "runs/a/run.json",
  "runs/a/metrics.jsonl",
  ".eslintrc.json",
  "notes.md",
  "archive.tar.gz",
])("%s is not a dataset", (name) => expect(isDatasetName(name)).toBe(false));

test("a dataset's name has no file extensions", () => {
  expect(["/a/pairs.jsonl.gz", "b/my.pairs.parquet", "c"].map(stemOf)).toEqual(["pairs", "my.pairs", "c"]);
});

test("goal states take the names that the engine accepts, with a remark if one is replaced", () => {
  expect(nameProblem("preferred-2", ["preferred"])).toBeUndefined();
  expect(nameProblem("preferred", ["preferred"])).toMatchObject({ isRemark: true });
  for (const name of ["", "a b", "../up"]) expect(nameProblem(name, [])).toMatchObject({ isRemark: false });
  for (const strategy of goalStrategies) expect(strategyHelp[strategy].help).not.toBe("");
});

test("a copy of a model has a name of its own and the model's files, with symbolic links resolved", async () => {
  const folder = await temporaryFolder();
  const [model, models] = [join(folder, "default"), join(folder, "copies")];
  await mkdir(join(model, "goal_states"), { recursive: true });
  await writeFile(join(folder, "blob"), "weights");
  await symlink(join(folder, "blob"), join(model, "model.safetensors"));
  const copies = [await copyModel(model, "my", models), await copyModel(model, "my", models)];
  expect(copies).toEqual([join(models, "my-copy"), join(models, "my-copy-2")]);
  expect(await readdir(models)).toEqual(["my-copy", "my-copy-2"]);
  await writeFile(join(folder, "blob"), "changed");
  expect(await readFile(join(models, "my-copy/model.safetensors"), "utf8")).toBe("weights");
});

test("a copy that fails leaves no files, and the error says what to do", async () => {
  const folder = await temporaryFolder();
  const models = join(folder, "copies");
  const copying = copyModel(join(folder, "none"), "none", models);
  await expect(copying).rejects.toThrow(InputError);
  await expect(copying).rejects.toThrow(/could not be copied to .*copies/);
  expect(await readdir(models)).toEqual([]);
});

test("a read-only folder is not writable", async ({ skip }) => {
  skip(missing.closedFolders !== undefined, missing.closedFolders);
  const folder = await temporaryFolder();
  expect(await isWritable(folder)).toBe(true);
  await chmod(folder, 0o500);
  expect(await isWritable(folder)).toBe(false);
  await chmod(folder, 0o700);
});

test("a folder that does not exist is not writable", async () => {
  expect(await isWritable(join(await temporaryFolder(), "none"))).toBe(false);
});
