/** Writes float32 tensors as safetensors. */
import { writeWhole } from "../files";

export interface NewTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, NewTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  // The data starts on a multiple of eight bytes; the format pads its header with spaces.
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, " ");
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeWhole(path, async (file) => {
    await file.write(Buffer.concat([length, padded]));
    for (const { data } of Object.values(tensors)) {
      await file.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  });
}
