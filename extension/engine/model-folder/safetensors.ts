/** Reads the headers and tensors of safetensors files. https://github.com/huggingface/safetensors */
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { InputError, messageOf } from "../errors";
import { isObject } from "../json";

const bytesPerElement = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type TensorType = keyof typeof bytesPerElement;

/** A tensor and its byte range in a file. offset: bytes from the start of the file; length: bytes. */
export interface StoredTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly file: string;
  /** Name of the file in error messages: its name in the model folder, while `file` is the target of symbolic links. */
  readonly place: string;
  readonly offset: number;
  readonly length: number;
}

export interface SafetensorsFile {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Limit of the reference implementation. */
const maxHeaderBytes = 100_000_000;

/** Reads and validates the header of a file. Throws InputError that names the file (`place`) and the tensor. */
export async function readSafetensors(path: string, place = basename(path)): Promise<SafetensorsFile> {
  const file = await open(path).catch((error: unknown) => {
    throw new InputError(place, `cannot be opened (${messageOf(error)})`);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new InputError(place, "is not a file");
    const { size } = stat;
    if (size < 8) throw new InputError(place, `is truncated: ${size} bytes cannot hold a safetensors header`);
    const headerBytes = Number((await readExactly(8, 0)).readBigUInt64LE());
    if (headerBytes > maxHeaderBytes || 8 + headerBytes > size) {
      throw new InputError(
        place,
        `is truncated or not safetensors: its header claims ${headerBytes} bytes, but the file has ${size}`,
      );
    }
    const header = parseHeader(place, await readExactly(headerBytes, 8));
    return checkedLayout({ path, place, dataStart: 8 + headerBytes, size }, header);
  } finally {
    await file.close();
  }

  async function readExactly(length: number, position: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, position);
    if (bytesRead !== length) throw new InputError(place, "was truncated while it was read");
    return buffer;
  }
}

/** Reads the bytes of one tensor. */
export async function readTensor(tensor: StoredTensor): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(tensor.file);
  try {
    const bytes = new Uint8Array(tensor.length);
    if ((await readInto(file, bytes, tensor.offset)) !== tensor.length) {
      throw new InputError(tensor.place, `tensor ${tensor.name} was truncated while it was read`);
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Maximum bytes per read: Node 20 aborts at 2 GiB or more, and Linux reads less than requested. */
const mostRead = 2 ** 30;

/** The part of Node's FileHandle that is used. */
interface Readable {
  read(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
}

/** Fills `bytes` from `position` of the file, up to its end. Returns the number of bytes read. */
export async function readInto(file: Readable, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const wanted = Math.min(mostRead, bytes.length - done);
    const { bytesRead } = await file.read(bytes, done, wanted, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

function parseHeader(place: string, bytes: Buffer): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new InputError(place, "is not safetensors: its header is not valid JSON");
  }
  if (!isObject(header)) throw new InputError(place, "is not safetensors: its header is not a JSON object");
  return header;
}

interface Layout {
  readonly path: string;
  readonly place: string;
  /** Byte at which the header ends. */
  readonly dataStart: number;
  /** Size of the file in bytes. */
  readonly size: number;
}

function checkedLayout(layout: Layout, header: Record<string, unknown>): SafetensorsFile {
  const { path, place } = layout;
  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      if (!isStringRecord(entry))
        throw new InputError(place, "__metadata__ of the header is not a map of strings");
      metadata = entry;
    } else {
      tensors.set(name, checkedTensor(layout, name, entry));
    }
  }
  checkContiguous(layout, [...tensors.values()]);
  return { path, tensors, metadata };
}

/** Throws unless the tensors fill the file without gaps or overlaps, as the reference implementation requires. */
function checkContiguous({ place, dataStart, size }: Layout, tensors: StoredTensor[]): void {
  tensors.sort((a, b) => a.offset - b.offset || a.length - b.length);
  let end = dataStart;
  let previous = "the header";
  for (const { name, offset, length } of tensors) {
    if (offset < end) throw new InputError(place, `tensors ${previous} and ${shown(name)} overlap`);
    if (offset > end) {
      throw new InputError(
        place,
        `has an invalid header: ${offset - end} bytes before ${shown(name)} belong to no tensor`,
      );
    }
    end = offset + length;
    previous = shown(name);
  }
  if (end !== size) {
    throw new InputError(place, `has an invalid header: its tensors end at byte ${end}, the file at ${size}`);
  }
}

function checkedTensor({ path, place, dataStart, size }: Layout, name: string, entry: unknown): StoredTensor {
  const fault = (problem: string): InputError => new InputError(place, `tensor ${shown(name)} ${problem}`);
  if (!isObject(entry)) throw fault("has no description in the header");
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !isTensorType(dtype)) throw fault(`has an unknown type, ${shown(dtype)}`);
  if (!isNaturals(shape)) throw fault(`has a shape that is not a list of sizes: ${shown(shape)}`);
  if (!isNaturals(offsets) || offsets.length !== 2) throw fault("has no data_offsets [start, end]");
  const [start, end] = [offsets[0] ?? 0, offsets[1] ?? 0];
  const expected = shape.reduce<number>((count, dim) => count * dim, bytesPerElement[dtype]);
  if (end - start !== expected) {
    throw fault(`claims ${end - start} bytes, but ${dtype} ${shown(shape)} takes ${expected}`);
  }
  if (dataStart + end > size) {
    throw fault(`ends at byte ${dataStart + end}, but the file has only ${size}: it is truncated`);
  }
  return { name, type: dtype, shape, file: path, place, offset: dataStart + start, length: expected };
}

/** A value of the header, shortened to at most 101 characters on one line. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  const line = text.replace(/\p{Cc}+/gu, " ");
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

function isStringRecord(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function isNaturals(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function isTensorType(type: string): type is TensorType {
  return Object.hasOwn(bytesPerElement, type);
}
