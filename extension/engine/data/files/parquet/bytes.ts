/** The bytes of a Parquet file, which is read from its end and here and there. */
import { open } from "node:fs/promises";
import type { AsyncBuffer } from "hyparquet";
import { InputError, messageOf } from "../../../errors";
import type { SourceFile } from "../source-file";

/** Largest Parquet to unpack out of a gzip, in bytes. */
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
      if (bytesRead === 0) throw new Error("the file has become shorter");
      done += bytesRead;
    }
    return buffer;
  };
  return { bytes: { byteLength: size, slice }, close: () => handle.close() };
}

/** Parquet is read from its end, and a gzip only from its start: gzipped Parquet is unpacked into memory. */
async function inMemory(file: SourceFile): Promise<ParquetBytes> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of file.pieces()) {
    length += piece.length;
    if (length > mostUnpacked) {
      throw new InputError(
        file.name,
        `is Parquet in a gzip and larger than ${mostUnpacked / 2 ** 20} MiB: unpack it first with gunzip`,
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

/** Throws where a file that is broken points outside itself. */
export function checkRange(start: number, end: number, size: number): void {
  if (!(start >= 0 && start <= end && end <= size)) throw new Error("it points outside the file");
}
