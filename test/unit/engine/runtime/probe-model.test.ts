import { spawnSync } from "node:child_process";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { withProbeFolder, writeProbeModel } from "../../../../extension/engine/runtime/probe-model";
import { temporaryFolder } from "../../../support/temp-folder";

afterEach(() => vi.unstubAllEnvs());

test("the model is written once and removed afterwards, even if the work fails", async () => {
  const temporary = await temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
  await withProbeFolder(async (folder) => {
    await writeProbeModel(folder);
    const weights = join(folder, "model.safetensors");
    const { mtimeMs } = await stat(weights);
    await writeProbeModel(folder);
    expect((await stat(weights)).mtimeMs).toBe(mtimeMs);
    expect((await readdir(folder)).sort()).toEqual(["config.json", "model.safetensors"]);
  });
  await expect(withProbeFolder(() => Promise.reject(new Error("no adapter")))).rejects.toThrow("no adapter");
  expect(await readdir(temporary)).toEqual([]);
});

test("folders of killed processes are removed, those of running ones are kept", async () => {
  const temporary = await temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  await mkdir(join(temporary, `reward-inspector-probe-${gone}-abc`));
  const running = `reward-inspector-probe-${process.ppid}-abc`;
  await mkdir(join(temporary, running));
  await withProbeFolder(async () => undefined);
  expect(await readdir(temporary)).toEqual([running]);
});
