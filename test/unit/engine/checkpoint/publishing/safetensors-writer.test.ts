import { readdir, rename, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeSafetensors } from "../../../../../extension/engine/checkpoint/publishing/safetensors-writer";
import {
  readSafetensors,
  readTensor,
  type SafetensorsFile,
} from "../../../../../extension/engine/model-folder/safetensors";
import { missing } from "../../../../support/machine";
import { temporaryFolder } from "../../../../support/temp-folder";
import { safetensorsBytes } from "../../model-folder/safetensors-file";
import { ramp } from "../tiny-model";

type Sizes = Readonly<Record<string, readonly [dtype: string, width: number, count: number]>>;

/** Writes a file of tensors whose bytes count up, so that all of them differ. */
async function source(folder: string, sizes: Sizes): Promise<SafetensorsFile> {
  const path = join(folder, "source.safetensors");
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, [dtype, width, count]] of Object.entries(sizes)) {
    header[name] = { dtype, shape: [count], data_offsets: [end, end + width * count] };
    end += width * count;
  }
  const bytes = safetensorsBytes(header, end);
  for (let i = 0; i < end; i++) bytes[bytes.length - end + i] = (i * 31 + (i >> 8)) & 255;
  await writeFile(path, bytes);
  return readSafetensors(path);
}

describe("writeSafetensors", () => {
  it("copies stored tensors of every width byte for byte, each at a multiple of its width", async () => {
    const folder = await temporaryFolder();
    const sizes = {
      b: ["U8", 1, 3],
      h: ["BF16", 2, 5],
      d: ["I64", 8, 1],
      f: ["F32", 4, 3],
      e: ["F16", 2, 0],
    } as const;
    const { tensors } = await source(folder, sizes);
    const path = join(folder, "t.safetensors");
    await writeSafetensors(path, { ...Object.fromEntries(tensors), new: ramp([2, 2]) }, { format: "pt" });
    const written = await readSafetensors(path);
    expect(written.metadata).toEqual({ format: "pt" });
    expect([...written.tensors.keys()].sort()).toEqual(["b", "d", "e", "f", "h", "new"]);
    for (const [name, stored] of tensors) {
      const copy = written.tensors.get(name);
      expect(copy).toMatchObject({ type: stored.type, shape: stored.shape });
      if (!copy) continue;
      expect(await readTensor(copy)).toEqual(await readTensor(stored));
      expect(copy.offset % sizes[name as keyof typeof sizes][1]).toBe(0);
    }
  });

  it("copies a tensor longer than the piece it holds in memory", async () => {
    const folder = await temporaryFolder();
    const { tensors } = await source(folder, {
      small: ["F32", 4, 1],
      large: ["U8", 1, 2 ** 23 + 2 ** 20 + 7],
    });
    const path = join(folder, "t.safetensors");
    await writeSafetensors(path, Object.fromEntries(tensors));
    const [stored, copy] = [tensors.get("large"), (await readSafetensors(path)).tensors.get("large")];
    if (!stored || !copy) throw new Error("large is lost");
    expect(Buffer.compare(await readTensor(copy), await readTensor(stored))).toBe(0);
  });

  it.each([
    ["is truncated", async (file: string) => truncate(file, 100), "ends within tensor large"],
    ["is missing", async (file: string) => rename(file, `${file}.away`), "cannot be opened"],
  ])("leaves no file if a source %s", async (_, harm, problem) => {
    const [folder, target] = [await temporaryFolder(), await temporaryFolder()];
    const { tensors, path } = await source(folder, { large: ["U8", 1, 10_000] });
    await harm(path);
    await expect(
      writeSafetensors(join(target, "t.safetensors"), Object.fromEntries(tensors)),
    ).rejects.toThrow(
      expect.objectContaining({
        name: "InputError",
        place: "source.safetensors",
        problem: expect.stringContaining(problem),
      }),
    );
    expect(await readdir(target)).toEqual([]);
  });

  // The path is a link to a device that is always full.
  it("leaves no file on a full disk", async ({ skip }) => {
    skip(missing.fullDevice !== undefined, missing.fullDevice);
    const [folder, target] = [await temporaryFolder(), await temporaryFolder()];
    const { tensors } = await source(folder, { large: ["U8", 1, 10_000] });
    const path = join(target, "t.safetensors");
    await symlink("/dev/full", path);
    await expect(writeSafetensors(path, Object.fromEntries(tensors))).rejects.toThrow(
      expect.objectContaining({ name: "UnwrittenFile", message: expect.stringContaining("ENOSPC") }),
    );
    expect(await readdir(target)).toEqual(["t.safetensors"]);
  });
});
