/** Weights are read through links, at large file offsets, and from read-only folders with any name. */
import { chmod, copyFile, cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { Checkpoint } from "../../extension/engine/checkpoint/reading/checkpoint";
import { missing } from "../support/machine";
import { temporaryFolder } from "../support/temp-folder";
import { alteredCopy } from "./altered-copy";
import { differences, fixtureFolder, openSession, readExpected } from "./fixture";

const cpu = { provider: "cpu", kernels: "fused" } as const;

/** Largest difference of a folder's outputs from the expected values of a fixture. */
async function error(folder: string, name: string, base?: string): Promise<number> {
  const expected = await readExpected(name);
  const session = await openSession(folder, cpu, base);
  const found = await differences(session, expected, [expected.sequences.map((_, i) => i)]);
  await session.release();
  return Math.max(found.hidden, found.partialReward, found.q);
}

afterEach(() => vi.unstubAllEnvs());

// A hole of 5 GB takes no space on these systems; on others it would be written in full.
it.for([
  ["2^31", 2 ** 31 - 5000],
  ["2^32", 2 ** 32 + 4096 * 7 + 3],
] as const)("reads weights at and after %s bytes", async ([, padding], { skip }) => {
  skip(missing.posix !== undefined, missing.posix);
  const folder = await temporaryFolder();
  await alteredCopy("llama", folder, { padding });
  expect(await error(folder, "llama")).toBeLessThan(1e-4);
});

it("reads from a folder with spaces and letters of several alphabets", async () => {
  const folder = join(await temporaryFolder(), "my models", "模型 é ✓", "it's #1 100%");
  await cp(fixtureFolder("qwen2-sharded"), folder, { recursive: true });
  expect(await error(folder, "qwen2-sharded")).toBeLessThan(1e-4);
});

it("writes nothing, so a read-only folder is sufficient", async ({ skip }) => {
  skip(missing.posix !== undefined, missing.posix);
  const folder = join(await temporaryFolder(), "model");
  await cp(fixtureFolder("llama"), folder, { recursive: true });
  const before = await readdir(folder);
  await chmod(folder, 0o500);
  expect(await error(folder, "llama")).toBeLessThan(1e-4);
  expect(await readdir(folder)).toEqual(before);
  await chmod(folder, 0o700);
});

it("reads the Hugging Face cache, whose files are links", async ({ skip }) => {
  skip(missing.posix !== undefined, missing.posix);
  const hub = await temporaryFolder();
  const repository = join(hub, "models--org--tiny");
  const snapshot = join(repository, "snapshots", "abc");
  for (const folder of [snapshot, join(repository, "refs"), join(repository, "blobs")]) {
    await mkdir(folder, { recursive: true });
  }
  await writeFile(join(repository, "refs", "main"), "abc");
  for (const name of ["config.json", "model.safetensors"]) {
    await copyFile(join(fixtureFolder("llama"), name), join(repository, "blobs", `blob-of-${name}`));
    await symlink(`../../blobs/blob-of-${name}`, join(snapshot, name));
  }
  vi.stubEnv("HF_HUB_CACHE", hub);
  expect(await error("org/tiny", "llama")).toBeLessThan(1e-4);

  // Also reads it as an adapter's base, by its name on the hub.
  const adapter = await temporaryFolder();
  await copyAdapter("lora-llama", adapter, "org/tiny");
  expect(await error(adapter, "lora-llama")).toBeLessThan(1e-4);
});

it("accepts another base for an adapter, and names the base that is not found", async () => {
  const adapter = await temporaryFolder();
  await copyAdapter("lora-llama", adapter, "org/elsewhere");
  await expect(Checkpoint.open(adapter)).rejects.toMatchObject({
    message: expect.stringContaining("org/elsewhere"),
    detail: { code: "base-missing", data: { base: "org/elsewhere" } },
  });
  expect(await error(adapter, "lora-llama", fixtureFolder("llama"))).toBeLessThan(1e-4);
});

it("fits an adapter to a base whose file names its tensors without a prefix", async () => {
  const base = await temporaryFolder();
  await alteredCopy("gpt2", base, { tensorName: (name) => name.replace(/^transformer\./, "") });
  expect(await error(base, "gpt2")).toBeLessThan(1e-4);
  expect(await error(fixtureFolder("lora-gpt2"), "lora-gpt2", base)).toBeLessThan(1e-4);
});

async function copyAdapter(name: string, target: string, base: string): Promise<void> {
  await cp(fixtureFolder(name), target, { recursive: true });
  const path = join(target, "adapter_config.json");
  const config = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...config, base_model_name_or_path: base }));
}
