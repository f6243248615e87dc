import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InputError } from "../../../../../extension/engine/errors";
import { MetricsLog } from "../../../../../extension/engine/training/store/metrics-log";
import { RunFolder } from "../../../../../extension/engine/training/store/run-folder";
import { findRun, listRuns } from "../../../../../extension/engine/training/store/run-list";
import type { RunRecord } from "../../../../../extension/protocol/runs";
import { temporaryFolder } from "../../../../support/temp-folder";
import { record, stepRow } from "../run-examples";

async function makeRun(folder: string, changes: Partial<RunRecord>): Promise<RunFolder> {
  const run = await RunFolder.create(folder, { ...record, ...changes });
  const log = await MetricsLog.create(folder);
  await log.append(stepRow(1));
  await log.append(stepRow(2));
  await log.close();
  return run;
}

test("runs are listed with their status, newest first and broken ones last", async () => {
  const root = await temporaryFolder();
  const at = (name: string) => join(root, name);
  await makeRun(at("live"), { created: "2026-03-01T00:00:00.000Z" });
  const killed = await makeRun(at("killed"), { created: "2026-04-01T00:00:00.000Z" });
  await killed.unlock();
  const finished = await makeRun(at("finished"), {
    created: "2026-02-01T00:00:00.000Z",
    status: "finished",
  });
  await finished.unlock();
  await mkdir(at("broken"));
  await writeFile(join(at("broken"), "run.json"), "");
  await mkdir(at("no run"));
  await writeFile(at("file"), "");

  const runs = await listRuns([root]);
  expect(runs).toEqual([
    { folder: at("killed"), record: killed.record, status: "interrupted", last: stepRow(2) },
    { folder: at("live"), record: expect.anything(), status: "running", last: stepRow(2) },
    { folder: at("finished"), record: finished.record, status: "finished", last: stepRow(2) },
    { folder: at("broken"), problem: expect.stringMatching(/run\.json: is not valid JSON/) },
  ]);
});

test("a folder that is a run itself is listed, even without metrics", async () => {
  const folder = join(await temporaryFolder(), "run");
  const { record: written } = await RunFolder.create(folder, record);
  expect(await listRuns([folder])).toEqual([{ folder, record: written, status: "running", last: undefined }]);
});

test("a folder without runs and one that does not exist give no runs; a file is an InputError", async () => {
  const folder = await temporaryFolder();
  expect(await listRuns([folder, join(folder, "none")])).toEqual([]);
  await writeFile(join(folder, "file"), "");
  await expect(listRuns([join(folder, "file")])).rejects.toThrow(InputError);
});

test("a run is found in its folder, with its model once it is written", async () => {
  const folder = join(await temporaryFolder(), "run");
  expect(await findRun(folder)).toBeNull();
  const run = await makeRun(folder, { status: "finished" });
  expect(await findRun(folder)).toMatchObject({ status: "finished", last: stepRow(2) });
  expect(await findRun(folder)).not.toHaveProperty("model");
  await mkdir(run.model);
  expect(await findRun(folder)).toMatchObject({ model: run.model });
  await writeFile(join(folder, "run.json"), "");
  expect(await findRun(folder)).toEqual({ folder, problem: expect.stringMatching(/not valid JSON/) });
});
