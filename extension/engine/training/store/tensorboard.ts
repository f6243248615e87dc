/**
 * Writes scalars for TensorBoard: TFRecords (https://www.tensorflow.org/tutorials/load_data/tfrecord) of Event
 * messages (tensorboard/compat/proto/event.proto, summary.proto).
 */
import { readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { buf as crc32c } from "crc-32/crc32c.js";
import { Writer } from "protobufjs/minimal.js";
import { AppendFile } from "./append-file";

const prefix = "events.out.tfevents.";
/** Wire types of Protocol Buffers. */
const varint = 0;
const fixed64 = 1;
const bytes = 2;
const fixed32 = 5;
const sessionStart = 1;

export class EventFile {
  private constructor(private readonly file: AppendFile) {}

  /**
   * Creates an event file in a run folder, named so that TensorBoard reads it after the existing ones.
   *
   * @param resumedAfter step that a resumed run continues after: TensorBoard drops later steps of earlier files
   */
  static async create(folder: string, resumedAfter?: number): Promise<EventFile> {
    const seconds = Math.max(Math.floor(Date.now() / 1000), (await newestIn(folder)) + 1);
    const name = `${prefix}${String(seconds).padStart(10, "0")}.${hostname()}.${process.pid}`;
    const file = new EventFile(await AppendFile.open(join(folder, name)));
    await file.add((event) => event.uint32(tag(3, bytes)).string("brain.Event:2"));
    if (resumedAfter !== undefined) {
      // On a SessionLog START, TensorBoard drops events of its step and of later steps.
      await file.add((event) =>
        event
          .uint32(tag(2, varint))
          .int64(resumedAfter + 1)
          .uint32(tag(7, bytes))
          .fork()
          .uint32(tag(1, varint))
          .int32(sessionStart)
          .ldelim(),
      );
    }
    return file;
  }

  /** @param values scalars by tag, such as `train/loss` */
  async scalars(step: number, values: Readonly<Record<string, number>>): Promise<void> {
    await this.add((event) => {
      const summary = event.uint32(tag(2, varint)).int64(step).uint32(tag(5, bytes)).fork();
      for (const [name, value] of Object.entries(values)) {
        summary.uint32(tag(1, bytes)).fork().uint32(tag(1, bytes)).string(name);
        summary.uint32(tag(2, fixed32)).float(value).ldelim();
      }
      return summary.ldelim();
    });
  }

  sync(): Promise<void> {
    return this.file.sync();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async add(fields: (event: Writer) => Writer): Promise<void> {
    const event = Writer.create()
      .uint32(tag(1, fixed64))
      .double(Date.now() / 1000);
    await this.file.append(record(fields(event).finish()));
  }
}

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

/** TFRecord: length, masked CRC of the length, data, masked CRC of the data. Numbers are little-endian. */
function record(data: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(12 + data.length + 4);
  whole.writeBigUInt64LE(BigInt(data.length));
  whole.writeUInt32LE(maskedCrc(whole.subarray(0, 8)), 8);
  whole.set(data, 12);
  whole.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return whole;
}

/** ((crc >>> 15) | (crc << 17)) + 0xa282ead8, modulo 2³². */
function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Seconds in the name of the newest event file, or 0 if there is none. */
async function newestIn(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  return Math.max(0, ...names.map((name) => Number.parseInt(name.slice(prefix.length), 10) || 0));
}
