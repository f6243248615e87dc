import { writeFile } from "node:fs/promises";

/** Bytes of a safetensors file, whose header may be invalid. */
export function safetensorsBytes(header: unknown, dataBytes: number): Buffer {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

/** Writes a valid file with tensors of zeros, given by name and shape; default type F32. */
export async function writeZeros(
  path: string,
  shapes: Readonly<Record<string, readonly number[]>>,
  dtype = "F32",
): Promise<void> {
  const bytes = dtype === "F32" ? 4 : 2;
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const start = end;
    end += shape.reduce((n, dim) => n * dim, bytes);
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  await writeFile(path, safetensorsBytes(header, end));
}
