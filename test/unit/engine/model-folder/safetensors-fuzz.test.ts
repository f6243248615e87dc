import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { InputError } from "../../../../extension/engine/errors";
import { readSafetensors, type SafetensorsFile } from "../../../../extension/engine/model-folder/safetensors";
import { temporaryFolder } from "../../../support/temp-folder";
import { safetensorsBytes } from "./safetensors-file";

const valid = safetensorsBytes(
  {
    __metadata__: { format: "pt" },
    a: { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
    b: { dtype: "BF16", shape: [4], data_offsets: [24, 32] },
    c: { dtype: "U8", shape: [], data_offsets: [32, 33] },
  },
  33,
);

/** Expects that reading these bytes gives only tensors within the file, or throws an InputError. */
async function check(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes);
  let file: SafetensorsFile;
  try {
    file = await readSafetensors(path);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain("\n");
    return;
  }
  for (const { offset, length } of file.tensors.values()) {
    expect(offset).toBeGreaterThanOrEqual(8);
    expect(offset + length).toBeLessThanOrEqual(bytes.length);
  }
}

it("handles changed, missing and added bytes", async () => {
  const path = join(await temporaryFolder(), "t.safetensors");
  const change = fc.record({ at: fc.nat(valid.length - 1), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 8 }),
      fc.nat(valid.length),
      fc.uint8Array({ maxLength: 16 }),
      fc.boolean(),
      async (changes, kept, tail, isCut) => {
        const bytes = Buffer.concat([isCut ? valid.subarray(0, kept) : valid, tail]);
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
        await check(path, bytes);
      },
    ),
    { numRuns: 600 },
  );
});

it("handles headers with arbitrary JSON", async () => {
  const path = join(await temporaryFolder(), "t.safetensors");
  const size = fc.oneof(fc.nat(40), fc.constantFrom(-1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, 1e300, null, "4"));
  const tensor = fc.record(
    {
      dtype: fc.oneof(fc.constantFrom("F32", "BF16", "U8", "BOOL", "F64"), fc.string(), fc.constant(3)),
      shape: fc.oneof(fc.array(size, { maxLength: 4 }), fc.jsonValue()),
      data_offsets: fc.oneof(fc.tuple(size, size), fc.array(size), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  const name = fc.oneof(fc.constantFrom("a", "__metadata__", "__proto__", "constructor"), fc.string());
  const header = fc.oneof(fc.dictionary(name, fc.oneof(tensor, fc.jsonValue())), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(header, fc.nat(64), (json, dataBytes) => check(path, safetensorsBytes(json, dataBytes))),
    { numRuns: 600 },
  );
});
