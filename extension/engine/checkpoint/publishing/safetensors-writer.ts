/** Writes safetensors files from float32 data in memory and from stored tensors, which are copied from their files. */
import { open } from "node:fs/promises";
import { InputError, messageOf } from "../../errors";
import { type NewFile, writeWhole } from "../../files";
import type { StoredTensor } from "../../model-folder/safetensors";

export interface NewTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type WritableTensor = NewTensor | StoredTensor;

/** Bytes of a stored tensor held in memory at a time. */
const pieceBytes = 2 ** 23;

/**
 * Writes a safetensors file. Stored tensors keep their type and are copied in pieces, so that memory use stays small.
 * Throws InputError and leaves no file if a source is truncated or the disk is full.
 */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, WritableTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ordered = aligned(Object.entries(tensors));
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, tensor] of ordered) {
    const start = end;
    end += bytesOf(tensor);
    const dtype = "data" in tensor ? "F32" : tensor.type;
    header[name] = { dtype, shape: tensor.shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  // The data starts on a multiple of eight bytes; the format pads its header with spaces.
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, " ");
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeWhole(path, async (file) => {
    await file.write(Buffer.concat([length, padded]));
    for (const [, tensor] of ordered) {
      if ("data" in tensor) await file.write(bytesIn(tensor.data));
      else await copyTensor(tensor, file);
    }
  });
}

/** Orders tensors by element size, largest first, like the reference implementation, so that each one is aligned. */
function aligned(entries: readonly [string, WritableTensor][]): [string, WritableTensor][] {
  const width = ([, tensor]: [string, WritableTensor]): number => {
    const count = countOf(tensor.shape);
    // The element size of an empty tensor is unknown; the largest one is always aligned.
    return count === 0 ? 8 : bytesOf(tensor) / count;
  };
  return [...entries].sort((a, b) => width(b) - width(a));
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((count, dim) => count * dim, 1);
}

function bytesOf(tensor: WritableTensor): number {
  return "data" in tensor ? tensor.data.byteLength : tensor.length;
}

function bytesIn(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

async function copyTensor(tensor: StoredTensor, target: NewFile): Promise<void> {
  const source = await open(tensor.file).catch((error: unknown) => {
    throw new InputError(tensor.place, `cannot be opened (${messageOf(error)})`);
  });
  try {
    const piece = new Uint8Array(Math.min(pieceBytes, tensor.length));
    for (let done = 0; done < tensor.length; ) {
      const wanted = Math.min(piece.length, tensor.length - done);
      const { bytesRead } = await source.read(piece, 0, wanted, tensor.offset + done);
      if (bytesRead === 0) {
        throw new InputError(
          tensor.place,
          `ends within tensor ${tensor.name}: it was truncated after it was opened; restore the file`,
        );
      }
      await target.write(piece.subarray(0, bytesRead));
      done += bytesRead;
    }
  } finally {
    await source.close();
  }
}
