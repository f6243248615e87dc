/** Where a path that is to be written leads, and what must not be written over. */
import { constants } from "node:fs";
import { access, readdir, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { hasCode, InputError } from "./errors";

/** A device or pipe takes what is written as it comes; a file is replaced when it is whole. */
export type FileTarget =
  | { readonly kind: "stream"; readonly path: string; readonly isPipe: boolean }
  | {
      readonly kind: "file";
      /** The file itself: links are followed, so that they stay. */
      readonly path: string;
      /** Of the file that is there now; absent if there is none. */
      readonly existing?: { readonly mode: number; readonly uid: number; readonly gid: number };
    };

const mostLinks = 40;
/** Files that a process holds open, as /dev/stdout leads to: they cannot be replaced. */
const openFiles = /^\/proc\/\d+\/(task\/\d+\/)?fd$|^\/dev\/fd$/;

/** Throws InputError for a folder or a disk, and the operating system's errors if the path cannot be looked at. */
export async function findTarget(path: string): Promise<FileTarget> {
  const found = await stat(path).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (found?.isDirectory()) throw new InputError(path, "is a folder; name a file in it");
  if (found?.isBlockDevice()) throw new InputError(path, "is a disk, not a file; name a file");
  const real = await followLinks(path);
  if (real === undefined || (found && !found.isFile()))
    return { kind: "stream", path, isPipe: found?.isFIFO() ?? false };
  if (!found) return { kind: "file", path: real };
  // Renaming needs no right to write the file that is replaced.
  await access(real, constants.W_OK);
  const { mode, uid, gid } = found;
  return { kind: "file", path: real, existing: { mode, uid, gid } };
}

/** The path behind symbolic links, whether or not it exists; undefined for a file that a process holds open. */
async function followLinks(path: string): Promise<string | undefined> {
  let at = resolve(path);
  for (let links = 0; links < mostLinks; links++) {
    const folder = await realpath(dirname(at)).catch(() => dirname(at));
    if (openFiles.test(folder)) return undefined;
    const link = await readlink(at).catch(() => undefined);
    if (link === undefined) return at;
    at = resolve(folder, link);
  }
  throw new InputError(path, "is a symbolic link that leads back to itself; name a file");
}

/**
 * Throws InputError if writing to `path` would replace one of the sources: files, or folders whose files count.
 * A file is the same under any of its names.
 */
export async function refuseSources(path: string, sources: readonly string[]): Promise<void> {
  const target = await identityOf(path);
  if (target === undefined) return;
  for (const source of await filesOf(sources)) {
    if ((await identityOf(source)) === target)
      throw new InputError(path, `is a file that is read here (${source}); name another file`);
  }
}

async function filesOf(sources: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const source of sources) {
    const names = await readdir(source).catch(() => undefined);
    if (names === undefined) files.push(source);
    else for (const name of names) files.push(join(source, name));
  }
  return files;
}

/** What tells a regular file from all others; undefined if there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? `${found.dev} ${found.ino}` : undefined;
}
