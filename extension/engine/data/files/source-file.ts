/** Streams the bytes of a dataset file, decompressed if it is gzipped. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { InputError, messageOf } from "../../errors";

/** Bytes read to detect the format. */
const headSize = 64 * 2 ** 10;
const pieceSize = 2 ** 20;
/** Small, because gzip can expand a thousandfold and the output of one piece is kept in memory. */
const packedPieceSize = 32 * 2 ** 10;

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export class SourceFile {
  #read = 0;

  private constructor(
    readonly path: string,
    readonly size: number,
    readonly isGzip: boolean,
    /** The first bytes, decompressed. */
    readonly head: Buffer,
  ) {}

  /** Throws InputError if the file does not exist, is not a regular file, or is empty. */
  static async open(path: string): Promise<SourceFile> {
    const name = basename(path);
    const found = await stat(path).catch((error: unknown) => {
      throw unreadable(name, error);
    });
    if (found.isDirectory()) throw new InputError(name, "is a folder: name a file in it");
    if (!found.isFile())
      throw new InputError(name, "is not a regular file: save its contents to a file first");
    if (found.size === 0) throw new InputError(name, "is empty");
    const start = await headOf(new SourceFile(path, found.size, false, Buffer.alloc(0)));
    if (start[0] !== 0x1f || start[1] !== 0x8b) return new SourceFile(path, found.size, false, start);
    const head = await headOf(new SourceFile(path, found.size, true, Buffer.alloc(0)));
    if (head.length === 0) throw new InputError(name, "is empty");
    return new SourceFile(path, found.size, true, head);
  }

  get name(): string {
    return basename(this.path);
  }

  /** Whether the head is the whole file. */
  get isHeadAll(): boolean {
    return this.head.length < headSize;
  }

  /** Fraction of the file's bytes on disk that the latest `pieces` has read. */
  get fraction(): number {
    return Math.min(1, this.#read / this.size);
  }

  /**
   * Reads the file from its start, without a byte order mark. Throws InputError after the last readable byte if the
   * rest cannot be read, as in a truncated gzip file.
   */
  pieces(): AsyncGenerator<Buffer> {
    return withoutByteOrderMark(
      this.isGzip ? unpacked(this.#bytes(packedPieceSize), this.name) : this.#bytes(),
    );
  }

  async *#bytes(size = pieceSize): AsyncGenerator<Buffer> {
    this.#read = 0;
    try {
      for await (const piece of createReadStream(this.path, { highWaterMark: size })) {
        this.#read += piece.length;
        yield piece;
      }
    } catch (error) {
      throw unreadable(this.name, error);
    }
  }
}

async function headOf(file: SourceFile): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of file.pieces()) {
      pieces.push(piece.subarray(0, headSize - length));
      length += piece.length;
      if (length >= headSize) break;
    }
  } catch (error) {
    // The bytes before the error are kept; reading the file raises the error again.
    if (length === 0) throw error;
  }
  return Buffer.concat(pieces);
}

/** Yields everything before an error; a stream's own iterator drops buffered output if the gzip file is truncated. */
async function* unpacked(pieces: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 2 ** 17 });
  let output: Buffer[] = [];
  gunzip.on("data", (piece: Buffer) => output.push(piece));
  let fault: Error | undefined;
  let wake = (): void => undefined;
  gunzip.on("error", (error) => {
    fault = error;
    wake();
  });
  const done = (act: (callback: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (fault) resolve();
      else act(resolve);
    });
  const taken = (): Buffer[] => {
    const pieces = output;
    output = [];
    return pieces;
  };
  try {
    for await (const piece of pieces) {
      await done((callback) => gunzip.write(piece, callback));
      yield* taken();
      if (fault) throw brokenGzip(name, fault);
    }
    await done((callback) => gunzip.once("end", callback).end());
    yield* taken();
    if (fault) throw brokenGzip(name, fault);
  } finally {
    gunzip.destroy();
  }
}

function brokenGzip(name: string, error: Error): InputError {
  const isCut = "code" in error && error.code === "Z_BUF_ERROR";
  const problem = isCut ? "is truncated" : `is damaged (${messageOf(error)})`;
  return new InputError(name, `its gzip data ${problem}: copy or download it again`);
}

async function* withoutByteOrderMark(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (!first) {
      yield piece;
      continue;
    }
    first = first.length === 0 ? piece : Buffer.concat([first, piece]);
    if (first.length < byteOrderMark.length) continue;
    yield first.subarray(first.indexOf(byteOrderMark) === 0 ? byteOrderMark.length : 0);
    first = undefined;
  }
  if (first && first.length > 0) yield first;
}

function unreadable(name: string, error: unknown): InputError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return new InputError(name, "there is no such file");
  if (code === "EACCES" || code === "EPERM")
    return new InputError(name, "cannot be read: check its permissions");
  return new InputError(name, `cannot be read (${messageOf(error)})`);
}
