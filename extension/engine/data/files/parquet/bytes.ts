/** Random access to the bytes of a Parquet file. */
import { open } from "node:fs/promises";
import type { AsyncBuffer } from "hyparquet";
import { InputError, messageOf } from "../../../errors";
import type { SourceFile } from "../source-file";

/** Maximum decompressed size of a gzipped Parquet file, in bytes. */
const mostUnpacked = 512 * 2 ** 20;

export interface ParquetBytes {
  readonly bytes: AsyncBuffer;
  readonly close: () => Promise<void>;
}

export function openBytes(file: SourceFile): Promise<ParquetBytes> {
  return file.isGzip ? inMemory(file) : onDisk(file);
}

async function onDisk({ path, name }: SourceFile): Promise<ParquetBytes> {
  const handle = await open(path).catch((error: unknown) => {
    throw new InputError(name, `cannot be read (${messageOf(error)})`);
  });
  const { size } = await handle.stat();
  const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
    checkRange(start, end, size);
    const buffer = new ArrayBuffer(end - start);
    for (let done = 0; done < buffer.byteLength; ) {
      const { bytesRead } = await handle.read(new Uint8Array(buffer, done), { position: start + done });
      if (bytesRead === 0) throw new Error("the file was truncated while it was read");
      done += bytesRead;
    }
    return buffer;
  };
  return { bytes: { byteLength: size, slice }, close: () => handle.close() };
}

/** Decompresses gzipped Parquet into memory: Parquet is read from its end, and gzip only from its start. */
async function inMemory(file: SourceFile): Promise<ParquetBytes> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of file.pieces()) {
    length += piece.length;
    if (length > mostUnpacked) {
      throw new InputError(
        file.name,
        `is gzipped Parquet larger than ${mostUnpacked / 2 ** 20} MiB: decompress it first with gunzip`,
      );
    }
    pieces.push(piece);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  const slice = (start: number, end = length): ArrayBuffer => {
    checkRange(start, end, length);
    return all.buffer.slice(start, end);
  };
  return { bytes: { byteLength: length, slice }, close: async () => undefined };
}

/** Throws if an offset of a damaged file is outside the file. */
export function checkRange(start: number, end: number, size: number): void {
  if (!(start >= 0 && start <= end && end <= size)) throw new Error("it points outside the file");
}
