/** Tests a process that writes a run folder and is killed at any moment, or runs out of disk space. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  listCheckpoints,
  type StoredCheckpoint,
} from "../../../../extension/engine/training/store/checkpoints";
import { readMetrics } from "../../../../extension/engine/training/store/metrics-file";
import { RunFolder } from "../../../../extension/engine/training/store/run-folder";
import { missing } from "../../../support/machine";
import { temporaryFolder } from "../../../support/temp-folder";
import { bundleTrainer, killed, printed, startCrampedTrainer, startTrainer } from "./trainer-process";

async function expectWhole({ step, folder }: StoredCheckpoint): Promise<void> {
  expect((await readdir(folder)).sort()).toEqual(["model.safetensors", "state.safetensors"]);
  for (const name of await readdir(folder)) {
    const data = await readFile(join(folder, name));
    expect(data.equals(Buffer.alloc(10_000, step % 251)), `${folder}/${name}`).toBe(true);
  }
}

test("a run that is killed repeatedly keeps complete checkpoints, a readable record and every row", async () => {
  const scratch = await temporaryFolder();
  const bundle = await bundleTrainer(scratch);
  const folder = join(scratch, "run");
  let before = 0;
  for (let kill = 0; kill < 8; kill++) {
    const child = startTrainer(bundle, folder);
    await printed(child, "three steps");
    const run = await RunFolder.open(folder);
    await expect(run.lock()).rejects.toThrow(`process ${child.pid} is training in this folder`);
    await new Promise((resolve) => setTimeout(resolve, kill * 3.7));
    await killed(child);
    expect(await run.isAlive()).toBe(false);

    const checkpoints = await listCheckpoints(folder);
    for (const checkpoint of checkpoints) await expectWhole(checkpoint);
    const last = checkpoints.at(-1)?.step ?? 0;
    expect(last).toBeGreaterThanOrEqual(before + 2);
    expect(checkpoints[0]?.step).toBe(1);
    const { record } = await RunFolder.open(folder);
    expect(record.step).toBeGreaterThanOrEqual(before + 2);
    const rows = await readMetrics(folder);
    expect(rows.map(({ step }) => step)).toEqual(rows.map((_, i) => i + 1));
    expect(rows.length).toBeGreaterThanOrEqual(last);
    before = last;
  }
});

test("a record that does not fit on the disk is not written in part", async ({ skip }) => {
  skip(missing.posix !== undefined, missing.posix);
  const scratch = await temporaryFolder();
  const folder = join(scratch, "run");
  const child = startCrampedTrainer(await bundleTrainer(scratch), folder);
  const output = await printed(child, "fault: ");
  // An event takes more bytes than a line, so the event file is full first.
  expect(output).toMatch(/tfevents\S+: could not be written .*; its previous content is unchanged/);
  const rows = await readMetrics(folder);
  expect(rows.map(({ step }) => step)).toEqual(rows.map((_, i) => i + 1));
  const name = (await readdir(folder)).find((file) => file.includes("tfevents")) ?? "";
  const events = await readFile(join(folder, name));
  let end = 0;
  let count = 0;
  for (; end < events.length; count++) end += 16 + Number(events.readBigUInt64LE(end));
  expect(end).toBe(events.length);
  // The version event, and every row but the one that did not fit.
  expect(count).toBe(rows.length);
  expect(count).toBeGreaterThan(20);
});
