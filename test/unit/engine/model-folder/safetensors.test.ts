import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeSafetensors } from "../../../../extension/engine/checkpoint/publishing/safetensors-writer";
import { readInto, readSafetensors, readTensor } from "../../../../extension/engine/model-folder/safetensors";
import { temporaryFolder } from "../../../support/temp-folder";
import { safetensorsBytes } from "./safetensors-file";

const f32 = (start: number, end: number, shape: unknown = [(end - start) / 4]): unknown => ({
  dtype: "F32",
  shape,
  data_offsets: [start, end],
});

/** The message of the error when reading a file with these bytes. */
async function refusal(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), "model.safetensors");
  await writeFile(path, bytes);
  const error = await readSafetensors(path).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: "InputError", place: "model.safetensors" });
  return (error as Error).message;
}

describe("readSafetensors", () => {
  it("reads what the writer wrote", async () => {
    const path = join(await temporaryFolder(), "t.safetensors");
    const data = Float32Array.of(1.5, -2, 3, 4, 5, 6);
    await writeSafetensors(
      path,
      { a: { shape: [2, 3], data }, empty: { shape: [0], data: new Float32Array() } },
      { made: "here" },
    );
    const { tensors, metadata } = await readSafetensors(path);
    expect(metadata).toEqual({ made: "here" });
    const a = tensors.get("a");
    expect(a).toMatchObject({ type: "F32", shape: [2, 3], length: 24, place: "t.safetensors" });
    expect(tensors.get("empty")).toMatchObject({ shape: [0], length: 0 });
    expect(a && new Float32Array((await readTensor(a)).buffer)).toEqual(data);
  });

  it.each([
    ["an empty file", Buffer.alloc(0), "0 bytes cannot hold a safetensors header"],
    [
      "a header longer than the file",
      safetensorsBytes({}, 0).fill(255, 0, 2),
      "its header claims 65535 bytes",
    ],
    ["a header of 2^63 bytes", Buffer.alloc(64, 127), "is truncated or not safetensors"],
    ["a header that is not JSON", safetensorsBytes("{a", 0), "its header is not valid JSON"],
    ["a header that is not UTF-8", safetensorsBytes("{}", 0).fill(0xff, 8), "its header is not valid JSON"],
    ["a header that is a list", safetensorsBytes("[]", 0), "its header is not a JSON object"],
    [
      "a pickle",
      Buffer.from("PK\u0003\u0004 archive/data.pkl ".repeat(9)),
      "is truncated or not safetensors",
    ],
    ["metadata that are not strings", safetensorsBytes({ __metadata__: { a: 1 } }, 0), "__metadata__"],
  ])("refuses %s", async (_, bytes, problem) => {
    expect(await refusal(bytes)).toContain(problem);
  });

  it.each([
    ["no description", { a: 4 }, 0, "tensor a has no description"],
    ["an unknown type", { a: { dtype: "F4", shape: [1], data_offsets: [0, 4] } }, 4, "an unknown type, F4"],
    ["a negative size", { a: f32(0, 4, [-1]) }, 4, "tensor a has a shape that is not a list of sizes: [-1]"],
    ["a fractional size", { a: f32(0, 4, [0.5]) }, 4, "tensor a has a shape that is not"],
    ["no offsets", { a: { dtype: "F32", shape: [1] } }, 4, "tensor a has no data_offsets"],
    ["offsets in reverse order", { a: f32(4, 0) }, 4, "tensor a has a shape"],
    [
      "a byte count that does not match its shape",
      { a: f32(0, 4, [2]) },
      4,
      "claims 4 bytes, but F32 [2] takes 8",
    ],
    ["a size above 2^53", { a: f32(0, 4, [2 ** 40, 2 ** 40]) }, 4, "claims 4 bytes, but F32"],
    ["an end after the end of the file", { a: f32(0, 8) }, 4, "it is truncated"],
    ["an overlap", { a: f32(0, 8), b: f32(4, 12) }, 12, "tensors a and b overlap"],
    ["a gap before it", { a: f32(0, 4), b: f32(8, 12) }, 12, "4 bytes before b belong to no tensor"],
    ["bytes after it", { a: f32(0, 4) }, 8, "its tensors end at byte"],
  ])("refuses a tensor with %s", async (_, header, dataBytes, problem) => {
    expect(await refusal(safetensorsBytes(header, dataBytes))).toContain(problem);
  });

  it("limits messages to one line of moderate length", async () => {
    const header = { [`a\n${"b".repeat(1000)}`]: f32(0, 4, Array(5000).fill(1.5)) };
    const message = await refusal(safetensorsBytes(header, 4));
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(400);
  });

  it("refuses a folder and a missing file", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "d.safetensors"));
    await expect(readSafetensors(join(folder, "d.safetensors"))).rejects.toMatchObject({
      name: "InputError",
    });
    await expect(readSafetensors(join(folder, "none"))).rejects.toMatchObject({ name: "InputError" });
  });
});

describe("reading", () => {
  /** A file of `size` bytes that records its reads, without content. */
  function fakeFile(size: number, mostAtOnce: number) {
    const reads: { offset: number; length: number; position: number }[] = [];
    const read = async (_: Uint8Array, offset: number, length: number, position: number) => {
      reads.push({ offset, length, position });
      return { bytesRead: Math.max(0, Math.min(length, mostAtOnce, size - position)) };
    };
    return { reads, file: { read } };
  }

  it("never reads 2 GiB at once, which aborts Node 20", async () => {
    const bytes = new Uint8Array(2 ** 31 + 10);
    const { reads, file } = fakeFile(2 ** 33, Number.POSITIVE_INFINITY);
    expect(await readInto(file, bytes, 100)).toBe(bytes.length);
    let end = 0;
    for (const { offset, length, position } of reads) {
      expect(length).toBeLessThan(2 ** 31);
      expect([offset, position]).toEqual([end, 100 + end]);
      end += length;
    }
    expect(end).toBe(bytes.length);
  });

  it("continues after short reads, up to the end of the file", async () => {
    const { file } = fakeFile(1000, 64);
    expect(await readInto(file, new Uint8Array(500), 100)).toBe(500);
    expect(await readInto(file, new Uint8Array(500), 900)).toBe(100);
  });
});
