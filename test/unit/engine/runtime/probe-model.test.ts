import { spawnSync } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { withProbeModel } from "../../../../extension/engine/runtime/probe-model";
import { temporaryFolder } from "../../../support/temp-folder";

afterEach(() => vi.unstubAllEnvs());

test("the model is there for the work, and gone behind it, also where the work fails", async () => {
  const temporary = await temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
  const files = await withProbeModel((folder) => readdir(folder));
  expect(files.sort()).toEqual(["config.json", "model.safetensors"]);
  await expect(withProbeModel(() => Promise.reject(new Error("no adapter")))).rejects.toThrow("no adapter");
  expect(await readdir(temporary)).toEqual([]);
});

test("what a killed process left goes the next time; what a running one works with stays", async () => {
  const temporary = await temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  await mkdir(join(temporary, `reward-lens-probe-${gone}-abc`));
  const running = `reward-lens-probe-${process.ppid}-abc`;
  await mkdir(join(temporary, running));
  await withProbeModel(async () => undefined);
  expect(await readdir(temporary)).toEqual([running]);
});
