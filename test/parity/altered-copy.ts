import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSafetensors, readTensor } from "../../extension/engine/model-folder/safetensors";
import { fixtureFolder } from "./fixture";

export interface Alteration {
  readonly config?: (config: Record<string, unknown>) => Record<string, unknown>;
  readonly tensorName?: (name: string) => string;
  /** Number of zero bytes before the weights, a hole if the file system supports sparse files. */
  readonly padding?: number;
}

/** Copies a fixture of one float32 file, with another config, other tensor names, or padding before its weights. */
export async function alteredCopy(name: string, target: string, alteration: Alteration): Promise<void> {
  const { config = (c) => c, tensorName = (n) => n, padding = 0 } = alteration;
  const source = fixtureFolder(name);
  const values = JSON.parse(await readFile(join(source, "config.json"), "utf8"));
  await writeFile(join(target, "config.json"), JSON.stringify(config(values)));

  const { tensors } = await readSafetensors(join(source, "model.safetensors"));
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  if (padding > 0) {
    header.padding = { dtype: "U8", shape: [padding], data_offsets: [0, padding] };
    end = padding;
  }
  for (const [tensor, stored] of tensors) {
    header[tensorName(tensor)] = {
      dtype: "F32",
      shape: stored.shape,
      data_offsets: [end, end + stored.length],
    };
    parts.push(await readTensor(stored));
    end += stored.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await open(join(target, "model.safetensors"), "w");
  try {
    await file.write(Buffer.concat([length, json]), 0, undefined, 0);
    await file.write(Buffer.concat(parts), 0, undefined, 8 + json.length + padding);
  } finally {
    await file.close();
  }
}
