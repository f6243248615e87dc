/** Compares event files with those of TensorBoard's own writer: see test/fixtures/make_events.py. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventFile } from "../../../../../extension/engine/training/store/tensorboard";
import { root } from "../../../../support/fixture";
import { temporaryFolder } from "../../../../support/temp-folder";

const seconds = 1767323045;

beforeEach(() => {
  vi.useFakeTimers({ now: (seconds + 0.25) * 1000, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function fixture(name: string): Promise<Buffer> {
  return readFile(join(root, "test/fixtures/tensorboard", name));
}

test("event files equal TensorBoard's byte for byte, for a resumed run too", async () => {
  const folder = await temporaryFolder();
  const first = await EventFile.create(folder);
  await first.scalars(1, { "train/loss": 0.7, "train/rankingLoss": Number.NaN });
  await first.scalars(2, { "train/loss": -1e-30 });
  await first.scalars(300, { "train/loss": 0.25 });
  await first.scalars(300, { "eval/accuracy": 0.75 });
  await first.close();
  const resumed = await EventFile.create(folder, 2);
  await resumed.scalars(3, { "train/loss": 0.125 });
  await resumed.sync();
  await resumed.close();

  const writer = `${hostname()}.${process.pid}`;
  const names = [`events.out.tfevents.${seconds}`, `events.out.tfevents.${seconds + 1}`];
  expect(await readdir(folder)).toEqual(names.map((name) => `${name}.${writer}`));
  for (const name of names) {
    expect(await readFile(join(folder, `${name}.${writer}`)), name).toEqual(await fixture(name));
  }
});

test("a resumed run's file sorts after earlier ones, even if the clock was set back", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, `events.out.tfevents.${seconds + 9000}.elsewhere.1`), "");
  await (await EventFile.create(folder, 1)).close();
  const names = (await readdir(folder)).sort();
  expect(names).toHaveLength(2);
  expect(names[1]).toContain(`.${seconds + 9001}.`);
});
