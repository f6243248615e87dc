/** Parts of a JSON Lines file, cut between lines, so that a file of any size can be read piece by piece. */
import { type FileHandle, open } from "node:fs/promises";

/** Bytes of a part, to the end of the line it ends in: small enough for an editor to be quick with. */
export const partSize = 8 * 2 ** 20;
const newline = 0x0a;
const chunk = 64 * 1024;

export interface FilePart {
  readonly text: string;
  readonly count: number;
}

/** @param index from 0; past the end it is empty. @param size for tests */
export async function readPart(path: string, index: number, size = partSize): Promise<FilePart> {
  const file = await open(path, "r");
  try {
    const bytes = (await file.stat()).size;
    const count = Math.max(1, Math.ceil(bytes / size));
    const start = await lineStart(file, index * size, bytes);
    const end = await lineStart(file, (index + 1) * size, bytes);
    const buffer = Buffer.alloc(Math.max(0, end - start));
    await file.read(buffer, 0, buffer.length, start);
    return { text: buffer.toString("utf8"), count };
  } finally {
    await file.close();
  }
}

/** Where the first line begins that has its start at or behind an offset. */
async function lineStart(file: FileHandle, offset: number, bytes: number): Promise<number> {
  if (offset <= 0) return 0;
  const buffer = Buffer.alloc(chunk);
  for (let at = offset - 1; at < bytes; at += chunk) {
    const { bytesRead } = await file.read(buffer, 0, chunk, at);
    const found = buffer.subarray(0, bytesRead).indexOf(newline);
    if (found >= 0) return at + found + 1;
  }
  return bytes;
}
