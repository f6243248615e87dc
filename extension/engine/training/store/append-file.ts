/** A file to which whole records are appended. */
import { type FileHandle, open } from "node:fs/promises";
import { messageOf } from "../../errors";
import { UnwrittenFile } from "../../files";

export class AppendFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    /** Bytes written so far. */
    private size: number,
  ) {}

  /** Opens a file at its end; creates it if it does not exist. */
  static async open(path: string): Promise<AppendFile> {
    try {
      const handle = await open(path, "a");
      return new AppendFile(path, handle, (await handle.stat()).size);
    } catch (error) {
      throw fault(path, error);
    }
  }

  /** Appends in one write call. If the disk is full, the file stays as it was, and UnwrittenFile is thrown. */
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

  /** Waits until what was appended would survive a power failure. */
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
  return new UnwrittenFile(
    path,
    `could not be written (${messageOf(error)}); its previous content is unchanged`,
  );
}
