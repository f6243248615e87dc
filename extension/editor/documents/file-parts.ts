/** Parts of a JSON Lines file, cut between lines, so that a file of any size can be read piece by piece. */
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { InputError, messageOf } from "../../engine/errors";

/** Bytes of a part, to the end of the line it ends in: small enough for an editor to be quick with. */
export const partSize = 8 * 2 ** 20;
/** Bytes that a part may have where its last line is long: VS Code gives longer texts to no extension. */
export const longestPart = 48 * 2 ** 20;
const newline = 0x0a;
const chunk = 64 * 1024;

export interface FilePart {
  readonly index: number;
  /** Parts of the file; some may be empty, as a long line lies in the part it begins in. */
  readonly count: number;
  /** Bytes of the file in front of it. */
  readonly start: number;
  readonly bytes: number;
  /** undefined: it is over `longestPart`. */
  readonly text: string | undefined;
  /** Another where the file is another. */
  readonly stamp: string;
}

/**
 * @param index from 0; past the end the part is empty
 * @throws InputError where the file cannot be read
 */
export async function readPart(
  path: string,
  index: number,
  { size = partSize, longest = longestPart } = {},
): Promise<FilePart> {
  return withFile(path, async (file, bytes, stamp) => {
    const start = await lineStart(file, index * size, bytes);
    const end = await lineStart(file, (index + 1) * size, bytes);
    const length = Math.max(0, end - start);
    const count = Math.max(1, Math.ceil(bytes / size));
    const text = length <= longest ? (await read(file, start, length)).toString("utf8") : undefined;
    return { index, count, start, bytes: length, text, stamp };
  });
}

/** Lines that end in [from, to) of a file's bytes. Throws InputError where the file cannot be read. */
export async function countLines(path: string, from: number, to: number): Promise<number> {
  return withFile(path, async (file) => {
    let lines = 0;
    for (let at = from; at < to; at += partSize) {
      const bytes = await read(file, at, Math.min(partSize, to - at));
      for (let found = bytes.indexOf(newline); found >= 0; found = bytes.indexOf(newline, found + 1)) lines++;
    }
    return lines;
  });
}

async function withFile<T>(
  path: string,
  work: (file: FileHandle, bytes: number, stamp: string) => Promise<T>,
): Promise<T> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw new InputError(basename(path), `cannot be read (${messageOf(error)})`);
  });
  try {
    const { size, mtimeMs } = await file.stat();
    return await work(file, size, `${size} ${mtimeMs}`);
  } finally {
    await file.close();
  }
}

/** Fewer bytes where the file ends, or was cut short meanwhile. */
async function read(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, start + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
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
