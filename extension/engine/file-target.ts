/** Resolves the path of a file to write, and refuses paths that must not be overwritten. */
import { constants } from "node:fs";
import { access, readdir, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { hasCode, InputError } from "./errors";

/** A device or pipe is written directly; a file is replaced once the new one is complete. */
export type FileTarget =
  | { readonly kind: "stream"; readonly path: string; readonly isPipe: boolean }
  | {
      readonly kind: "file";
      /** Path with symbolic links resolved, so that writing does not replace a link. */
      readonly path: string;
      /** Mode and owner of the existing file; absent if there is none. */
      readonly existing?: { readonly mode: number; readonly uid: number; readonly gid: number };
    };

const mostLinks = 40;
/** Folders of open file descriptors, which /dev/stdout links to. Files there cannot be replaced. */
const openFiles = /^\/proc\/\d+\/(task\/\d+\/)?fd$|^\/dev\/fd$/;

/**
 * Throws InputError if the path is a folder or a disk, or a link to itself, and the operating system's error if it
 * cannot be examined or written.
 */
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
  // Renaming would also replace a file that this user may not write.
  await access(real, constants.W_OK);
  const { mode, uid, gid } = found;
  return { kind: "file", path: real, existing: { mode, uid, gid } };
}

/** Resolves symbolic links, even to a file that does not exist; returns undefined for an open file descriptor. */
async function followLinks(path: string): Promise<string | undefined> {
  let at = resolve(path);
  for (let links = 0; links < mostLinks; links++) {
    const folder = await realpath(dirname(at)).catch(() => dirname(at));
    if (openFiles.test(folder)) return undefined;
    const link = await readlink(at).catch(() => undefined);
    if (link === undefined) return at;
    at = resolve(folder, link);
  }
  throw new InputError(path, "is a symbolic link to itself; name a file");
}

/**
 * Throws InputError if writing to `path` would replace one of the sources or, for folders, a file directly in them.
 * Links and other names of a source are recognized.
 */
export async function refuseSources(path: string, sources: readonly string[]): Promise<void> {
  const target = await identityOf(path);
  if (target === undefined) return;
  for (const source of await filesOf(sources)) {
    if ((await identityOf(source)) === target)
      throw new InputError(path, `is an input file (${source}); name another file`);
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

/** Returns device and inode number of a regular file, or undefined if there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? `${found.dev} ${found.ino}` : undefined;
}
