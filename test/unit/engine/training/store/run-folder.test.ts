import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InputError } from "../../../../../extension/engine/errors";
import { RunFolder } from "../../../../../extension/engine/training/store/run-folder";
import { defaultSettings } from "../../../../../extension/protocol/train-settings";
import { temporaryFolder } from "../../../../support/temp-folder";
import { record } from "../run-examples";

async function created(): Promise<RunFolder> {
  return RunFolder.create(join(await temporaryFolder(), "run"), record);
}

/** A process id above the kernel's limit, so that no process has it. */
const nobody = 2 ** 30;

test("a created run is read as it was written", async () => {
  const run = await created();
  const read = await RunFolder.open(run.folder);
  expect(read.record).toEqual(record);
  expect((await readdir(run.folder)).sort()).toEqual(["run.json", "run.lock"]);
});

test("changes are written one after the other, and a value can be removed", async () => {
  const run = await created();
  await Promise.all([
    run.update({ step: 10, reason: "the disk is full" }),
    run.update({ status: "paused" }),
    run.update({ reason: undefined }),
  ]);
  const { record: read } = await RunFolder.open(run.folder);
  expect(read).toEqual({ ...record, step: 10, status: "paused", updated: read.updated });
  expect(read.updated > record.updated).toBe(true);
});

test("a folder that is not empty is refused, and stays as it was", async () => {
  const run = await created();
  await expect(RunFolder.create(run.folder, record)).rejects.toThrow(/already has a training run; resume/);
  const other = await temporaryFolder();
  await writeFile(join(other, "thesis.txt"), "");
  await expect(RunFolder.create(other, record)).rejects.toThrow(/is not empty; choose a new folder/);
  expect(await readdir(other)).toEqual(["thesis.txt"]);
  await expect(RunFolder.create(join(other, "thesis.txt"), record)).rejects.toThrow(InputError);
});

test("a run whose creation was killed before run.json was written can be created again", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "run.lock"), JSON.stringify({ pid: nobody, host: hostname() }));
  await writeFile(join(folder, `run.json.${nobody}.partial`), "{");
  const run = await RunFolder.create(folder, record);
  expect(await run.isAlive()).toBe(true);
});

test("a path that is not a run folder is an InputError that says so", async () => {
  const folder = await temporaryFolder();
  await expect(RunFolder.open(join(folder, "none"))).rejects.toThrow(/this run folder does not exist/);
  await expect(RunFolder.open(folder)).rejects.toThrow(/is not a training run: it has no run.json/);
  await writeFile(join(folder, "file"), "");
  await expect(RunFolder.open(join(folder, "file"))).rejects.toThrow(/is a file; choose the folder/);
  await mkdir(join(folder, "run.json"));
  await expect(RunFolder.open(folder)).rejects.toThrow(/run.json: cannot be read/);
});

test("a run.json that was truncated anywhere is an InputError that names it", async () => {
  const run = await created();
  const path = join(run.folder, "run.json");
  const whole = await readFile(path);
  for (let size = whole.length - 3; size >= 0; size -= 97) {
    await truncate(path, size);
    const opened = RunFolder.open(run.folder);
    await expect(opened).rejects.toThrow(InputError);
    await expect(opened).rejects.toThrow(/run\.json: is not valid JSON/);
  }
  await truncate(path, 0);
  await expect(RunFolder.open(run.folder)).rejects.toThrow(/run\.json: is not valid JSON/);
});

test.each([
  ["[]", /is not the record of a training run/],
  ["null", /is not a JSON object/],
  ['{"format": 2}', /has format 2, but this version of Reward Inspector reads format 1/],
  [JSON.stringify({ ...record, step: undefined }), /has no step \(expected number\)/],
  [JSON.stringify({ ...record, step: "3" }), /has an invalid step/],
  [JSON.stringify({ ...record, status: "asleep" }), /has status "asleep", expected running, paused/],
  [JSON.stringify({ ...record, data: { ...record.data, sha256: null } }), /has an invalid data\.sha256/],
  [JSON.stringify({ ...record, settings: undefined }), /has no settings/],
  [
    JSON.stringify({ ...record, settings: { loss: { lambda: "1" } } }),
    /has an invalid settings\.loss\.lambda/,
  ],
  [
    JSON.stringify({ ...record, settings: { method: "magic" } }),
    /has settings\.method "magic", expected head/,
  ],
])("the run.json %.60s is refused", async (text, problem) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "run.json"), text);
  await expect(RunFolder.open(folder)).rejects.toThrow(problem);
});

test("a setting that is newer than a run has its default", async () => {
  const folder = await temporaryFolder();
  const settings = { method: "head", loss: { lambda: 0.25 } };
  await writeFile(join(folder, "run.json"), JSON.stringify({ ...record, settings }));
  const { record: read } = await RunFolder.open(folder);
  expect(read.settings).toEqual({
    ...defaultSettings,
    method: "head",
    loss: { ...defaultSettings.loss, lambda: 0.25 },
  });
});

test("a run folder is locked once, even within one process, and can be locked again after its release", async () => {
  const run = await created();
  const other = await RunFolder.open(run.folder);
  await expect(other.lock()).rejects.toThrow(
    new RegExp(`run\\.lock: process ${process.pid} is training in this folder; stop it first`),
  );
  await other.unlock();
  expect(await other.isAlive()).toBe(true);
  await run.update({ step: 7 });
  await run.unlock();
  expect(await other.isAlive()).toBe(false);
  await other.lock();
  expect(other.record.step).toBe(7);
  await expect(run.lock()).rejects.toThrow(InputError);
});

test("a lock that is incomplete or whose process is gone is taken over, and its temporary files are removed", async () => {
  const run = await created();
  await run.unlock();
  for (const stale of [JSON.stringify({ pid: nobody, host: hostname() }), '{"pid":1', "", '{"pid":0}']) {
    await writeFile(join(run.folder, "run.lock"), stale);
    await writeFile(join(run.folder, `metrics.jsonl.${nobody}.partial`), "{");
    expect(await run.isAlive()).toBe(false);
    await run.lock();
    expect(await run.isAlive()).toBe(true);
    await run.unlock();
  }
  expect(await readdir(run.folder)).toEqual(["run.json"]);
});

test("a lock from another machine is respected, because its process cannot be checked", async () => {
  const run = await created();
  await run.unlock();
  await writeFile(join(run.folder, "run.lock"), JSON.stringify({ pid: nobody, host: "elsewhere" }));
  await expect(run.lock()).rejects.toThrow(/process \d+ on elsewhere is training .* delete this file/);
});

test("a lock that is being taken over is an error that names the file to delete", async () => {
  const run = await created();
  await run.unlock();
  for (const name of ["run.lock", "run.lock.takeover"]) {
    await writeFile(join(run.folder, name), JSON.stringify({ pid: nobody, host: hostname() }));
  }
  await expect(run.lock()).rejects.toThrow(/run\.lock\.takeover: another process .* delete this file/);
});

test("one of many concurrent takers of a stale lock gets it", async () => {
  const run = await created();
  await run.unlock();
  await writeFile(join(run.folder, "run.lock"), JSON.stringify({ pid: nobody, host: hostname() }));
  const all = await Promise.all(Array.from({ length: 8 }, () => RunFolder.open(run.folder)));
  const results = await Promise.allSettled(all.map((one) => one.lock()));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});
