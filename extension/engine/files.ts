/** Files written whole or not at all. */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { EngineError, messageOf } from "./errors";

/** A file that the disk refused: a folder that takes no file, or a disk that is full. It is no error of the input. */
export class UnwrittenFile extends EngineError {
  override name = "UnwrittenFile";

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`, { code: "file-unwritten", data: { path } });
  }
}

/** A file under a temporary name until it is whole. What the disk refuses becomes an UnwrittenFile that names it. */
export class NewFile {
  private constructor(
    readonly path: string,
    readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(path: string): Promise<NewFile> {
    const temporary = `${path}.${process.pid}.partial`;
    const handle = await open(temporary, "w").catch((error: unknown) => {
      throw fault(path, error);
    });
    return new NewFile(path, temporary, handle);
  }

  /** Adds to the end. */
  async write(data: string | Uint8Array): Promise<void> {
    await this.handle.writeFile(data).catch((error: unknown) => {
      throw fault(this.path, error);
    });
  }

  /** The file takes its own name, replacing what had it. */
  async finish(): Promise<void> {
    try {
      await this.handle.sync();
      await this.handle.close();
      await rename(this.temporary, this.path);
    } catch (error) {
      await this.discard();
      throw fault(this.path, error);
    }
  }

  /** Leaves what was written under the temporary name. */
  async keep(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }

  async discard(): Promise<void> {
    await this.keep();
    await rm(this.temporary, { force: true });
  }
}

/** Writes a file under a temporary name beside it, then renames it. On a fault nothing is left behind. */
export async function writeWhole(path: string, write: (file: NewFile) => Promise<void>): Promise<void> {
  const file = await NewFile.create(path);
  try {
    await write(file);
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.finish();
}

function fault(path: string, error: unknown): UnwrittenFile {
  return new UnwrittenFile(path, `could not be written (${messageOf(error)}); nothing was changed`);
}
