/** Parts of a JSON Lines file, cut between lines, so that a file of any size can be read in pieces. */
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { InputError, messageOf } from "../../engine/errors";

/** Bytes of a part, plus the rest of its last line; an editor stays fast with this much. */
export const partSize = 8 * 2 ** 20;
/** Bytes of a part with a long last line: VS Code does not pass longer texts to extensions. */
export const longestPart = 48 * 2 ** 20;
const newline = 0x0a;
const chunk = 64 * 1024;

export interface FilePart {
  readonly index: number;
  /** Number of parts; some may be empty, as a long line belongs to the part that it begins in. */
  readonly count: number;
  /** Offset of the part in the file, in bytes. */
  readonly start: number;
  readonly bytes: number;
  /** undefined if the part is longer than `longestPart`. */
  readonly text: string | undefined;
  /** Differs when the file was changed. */
  readonly stamp: string;
}

/**
 * Reads one part of a file.
 *
 * @param index 0-based; past the end, the part is empty
 * @throws InputError if the file cannot be read
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

/** Counts the lines that end in the bytes [from, to) of a file. Throws InputError if the file cannot be read. */
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

/** Reads fewer bytes if the file ends, or was truncated meanwhile. */
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

/** Finds the first start of a line at or after an offset. */
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
