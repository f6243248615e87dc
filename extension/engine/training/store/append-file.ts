/** A file that grows at its end, by whole pieces. */
import { type FileHandle, open } from "node:fs/promises";
import { messageOf } from "../../errors";
import { UnwrittenFile } from "../../files";

export class AppendFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    /** Bytes that are whole. */
    private size: number,
  ) {}

  /** Opens a file at its end; makes it where there is none. */
  static async open(path: string): Promise<AppendFile> {
    try {
      const handle = await open(path, "a");
      return new AppendFile(path, handle, (await handle.stat()).size);
    } catch (error) {
      throw fault(path, error);
    }
  }

  /** Adds a piece in one write call; of one that does not fit on the disk, nothing stays. */
  async append(piece: Uint8Array): Promise<void> {
    try {
      const { bytesWritten } = await this.handle.write(piece);
      if (bytesWritten < piece.length) throw new Error("the disk is full");
    } catch (error) {
      await this.handle.truncate(this.size).catch(() => undefined);
      throw fault(this.path, error);
    }
    this.size += piece.length;
  }

  /** What was added outlives a loss of power. */
  async sync(): Promise<void> {
    await this.handle.sync().catch((error: unknown) => {
      throw fault(this.path, error);
    });
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

function fault(path: string, error: unknown): UnwrittenFile {
  return new UnwrittenFile(path, `could not be written (${messageOf(error)}); what it held is unchanged`);
}
