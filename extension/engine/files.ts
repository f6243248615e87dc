/** Writes files whole or not at all, and never over input files. */
import { constants } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { EngineError, hasCode, InputError, messageOf } from "./errors";
import { type FileTarget, findTarget, refuseSources } from "./file-target";

type Stream = Extract<FileTarget, { readonly kind: "stream" }>;
type Replaced = Extract<FileTarget, { readonly kind: "file" }>;

const pollMilliseconds = 50;

/** A file could not be written, for example because the disk is full. Unlike InputError, the input is not at fault. */
export class UnwrittenFile extends EngineError {
  override name = "UnwrittenFile";

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`, { code: "file-unwritten", data: { path } });
  }
}

/**
 * A file that has a temporary name until it is complete; devices and pipes are written directly. Errors of the file
 * system become an UnwrittenFile that names the file.
 */
export class NewFile {
  private constructor(
    readonly path: string,
    private readonly target: FileTarget,
    /** Path that is written to: the temporary file, or the device or pipe. */
    private readonly written: string,
    private readonly handle: FileHandle,
  ) {}

  /**
   * @param sources input files, and folders of input files, which must not be replaced
   * @param signal ends the wait for a reader of a pipe
   * @throws InputError if `path` is one of the sources, a folder or a disk; UnwrittenFile if it cannot be written
   */
  static async create(path: string, sources: readonly string[] = [], signal?: AbortSignal): Promise<NewFile> {
    await refuseSources(path, sources);
    try {
      const target = await findTarget(path);
      const [written, handle] =
        target.kind === "stream" ? [path, await openStream(target, signal)] : await openTemporary(target);
      return new NewFile(path, target, written, handle);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw failure(path, error, "; nothing was changed");
    }
  }

  /** Appends data. */
  async write(data: string | Uint8Array): Promise<void> {
    await this.handle.writeFile(data).catch((error: unknown) => {
      throw this.#failure(error);
    });
  }

  /** Gives the file its final name. An existing file is replaced; its mode, and links to it, are kept. */
  async finish(): Promise<void> {
    const { target } = this;
    try {
      if (target.kind === "file") await this.handle.sync();
      await this.handle.close();
      if (target.kind === "file") await rename(this.written, target.path);
    } catch (error) {
      await this.discard();
      throw this.#failure(error);
    }
  }

  /** Closes the file, keeping its temporary name. Returns that path, or undefined for a device or pipe. */
  async keep(): Promise<string | undefined> {
    await this.handle.close().catch(() => undefined);
    return this.target.kind === "file" ? this.written : undefined;
  }

  async discard(): Promise<void> {
    const temporary = await this.keep();
    if (temporary !== undefined) await rm(temporary, { force: true });
  }

  #failure(error: unknown): EngineError {
    return failure(this.path, error, this.target.kind === "file" ? "; nothing was changed" : "");
  }
}

/** Writes a file under a temporary name next to it, then renames it. If writing fails, no temporary file is left. */
export async function writeWhole(
  path: string,
  write: (file: NewFile) => Promise<void>,
  sources: readonly string[] = [],
): Promise<void> {
  const file = await NewFile.create(path, sources);
  try {
    await write(file);
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.finish();
}

/** Opens for appending, because a shell may have redirected /dev/stdout to a log with content. */
async function openStream({ path, isPipe }: Stream, signal: AbortSignal | undefined): Promise<FileHandle> {
  const reader = isPipe ? await readerOf(path, signal) : undefined;
  try {
    return await open(path, constants.O_WRONLY | constants.O_APPEND);
  } finally {
    await reader?.close();
  }
}

/** Waits until a pipe has a reader. A blocking open would wait in a thread that Ctrl+C cannot interrupt. */
async function readerOf(path: string, signal: AbortSignal | undefined): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (!hasCode(error, "ENXIO")) throw error;
    }
    await setTimeout(pollMilliseconds, undefined, signal ? { signal } : {});
  }
}

/** Creates a file next to the target, with the mode and, if permitted, the owner of the file that it will replace. */
async function openTemporary({ path, existing }: Replaced): Promise<[string, FileHandle]> {
  for (let attempt = 0; ; attempt++) {
    const temporary = `${path}.${process.pid}${attempt === 0 ? "" : `-${attempt}`}.partial`;
    try {
      const handle = await open(temporary, "wx", existing ? 0o600 : 0o666);
      if (existing) {
        // Windows and some network file systems support neither.
        await handle.chown(existing.uid, existing.gid).catch(() => undefined);
        await handle.chmod(existing.mode & 0o7777).catch(() => undefined);
      }
      return [temporary, handle];
    } catch (error) {
      // A process with the same id left this file, or this process is writing it.
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
}

function failure(path: string, error: unknown, outcome: string): EngineError {
  if (error instanceof InputError) return error;
  return new UnwrittenFile(path, `could not be written (${messageOf(error)})${outcome}`);
}
