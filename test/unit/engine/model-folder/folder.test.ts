import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { findModelFolder, readWeights } from "../../../../extension/engine/model-folder/folder";
import { missing } from "../../../support/machine";
import { temporaryFolder } from "../../../support/temp-folder";
import { writeZeros } from "./safetensors-file";

const refused = (message: string): object => ({
  name: "InputError",
  message: expect.stringContaining(message),
});

describe("findModelFolder", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("looks in each base folder, then in the Hugging Face cache", async () => {
    const folder = await temporaryFolder();
    vi.stubEnv("HF_HUB_CACHE", join(folder, "hub"));
    const repository = join(folder, "hub", "models--some--model");
    await mkdir(join(repository, "snapshots", "abc"), { recursive: true });
    await mkdir(join(repository, "refs"));
    await writeFile(join(repository, "refs", "main"), "abc\n");
    await mkdir(join(folder, "base", "here"), { recursive: true });

    expect(await findModelFolder("here", [folder, join(folder, "base")])).toBe(join(folder, "base", "here"));
    expect(await findModelFolder("some/model", [folder])).toBe(join(repository, "snapshots", "abc"));
    await expect(findModelFolder("some/other", [folder])).rejects.toMatchObject(
      refused("some/other: there is no"),
    );
  });

  it("refuses a file", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "model.safetensors"), "");
    await expect(findModelFolder("model.safetensors", [folder])).rejects.toMatchObject(refused("is a file"));
  });
});

describe("readWeights", () => {
  const index = (map: unknown): string => JSON.stringify({ metadata: {}, weight_map: map });

  it("reads indexed shards and a separate value head", async () => {
    const folder = await temporaryFolder();
    await writeZeros(join(folder, "model-1.safetensors"), { a: [2], unlisted: [1] });
    await writeZeros(join(folder, "model-2.safetensors"), { b: [3] });
    await writeZeros(join(folder, "value_head.safetensors"), { "v_head.summary.weight": [1, 4] });
    await writeFile(
      join(folder, "model.safetensors.index.json"),
      index({ a: "model-1.safetensors", b: "model-2.safetensors" }),
    );
    const tensors = await readWeights(folder);
    expect([...tensors.keys()]).toEqual(["a", "b", "v_head.summary.weight"]);
    expect(tensors.get("b")).toMatchObject({ shape: [3], place: "model-2.safetensors" });
  });

  it("follows symbolic links, but reports the name in the model folder", async ({ skip }) => {
    skip(missing.posix !== undefined, missing.posix);
    const folder = await temporaryFolder();
    await writeZeros(join(folder, "blob"), { a: [2] });
    await symlink("blob", join(folder, "model.safetensors"));
    const a = (await readWeights(folder)).get("a");
    expect(a?.file).toMatch(/blob$/);
    expect(a?.place).toBe("model.safetensors");

    await symlink("nowhere", join(folder, "value_head.safetensors"));
    expect((await readWeights(folder)).size).toBe(1);
  });

  it.each([
    ["no weights", {}, "has no model.safetensors"],
    ["only a pickle", { "pytorch_model.bin": "" }, "a pickle that could run code"],
    ["only sharded pickles", { "pytorch_model-00001-of-00002.bin": "" }, "glob.glob('pytorch_model*.bin')"],
    ["an index that is not JSON", { "model.safetensors.index.json": "{" }, "index.json: is not valid JSON"],
    ["an index without a map", { "model.safetensors.index.json": "{}" }, "index.json: has no weight_map"],
    [
      "a shard in another folder",
      { "model.safetensors.index.json": index({ a: "../a" }) },
      "weight_map of a is not the name",
    ],
    ["a missing shard", { "model.safetensors.index.json": index({ a: "x.safetensors" }) }, "is missing"],
  ])("refuses a folder with %s", async (_, files, message) => {
    const folder = await temporaryFolder();
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await expect(readWeights(folder)).rejects.toMatchObject(refused(message));
  });

  it("explains how to convert a pickle without a class that might initialize a random head", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "pytorch_model.bin"), "");
    await expect(readWeights(folder)).rejects.toMatchObject({
      problem: expect.stringMatching(
        /^((?!from_pretrained).)*clone\(\).*weights_only=True.*'model\.safetensors', metadata=\{'format': 'pt'\}/,
      ),
    });
  });

  it("refuses a value head that is a pickle instead of ignoring it", async () => {
    const folder = await temporaryFolder();
    await writeZeros(join(folder, "model.safetensors"), { a: [1] });
    await writeFile(join(folder, "value_head.bin"), "");
    await expect(readWeights(folder)).rejects.toMatchObject(
      refused("reward head in value_head.bin, a pickle"),
    );
  });

  it("refuses an index that lists a tensor that is missing from its shard", async () => {
    const folder = await temporaryFolder();
    await writeZeros(join(folder, "x.safetensors"), { a: [1] });
    await writeFile(join(folder, "model.safetensors.index.json"), index({ b: "x.safetensors" }));
    await expect(readWeights(folder)).rejects.toMatchObject(refused("x.safetensors: has no tensor b"));
  });
});
