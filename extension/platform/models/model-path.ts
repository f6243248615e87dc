/** Resolves the model that a setting names: a path in any common form, or a name in the Hugging Face cache. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** What a path may be relative to. */
export interface PathContext {
  /** Folders of the workspace; paths that begin with `./` are relative to the first. */
  readonly workspaceFolders: readonly string[];
  readonly isFolder: (path: string) => boolean;
}

/**
 * Trims the path, and expands `~`, `${userHome}` and `${workspaceFolder}`. A relative path is resolved against the
 * workspace. Without `./` it is resolved only if the folder exists there, because it may be a name in the cache.
 */
export function modelPath(written: string, { workspaceFolders, isFolder }: PathContext): string {
  const [first] = workspaceFolders;
  const path = written
    .trim()
    .replace(/^~(?=$|[/\\])|\$\{userHome\}/g, () => homedir())
    .replace(/\$\{workspaceFolder\}/g, (variable) => first ?? variable);
  if (path === "") return path;
  if (isAbsolute(path)) return resolve(path);
  if (/^\.\.?([/\\]|$)/.test(path)) return first === undefined ? path : resolve(first, path);
  const found = workspaceFolders.map((folder) => join(folder, path)).find(isFolder);
  return found === undefined ? path : resolve(found);
}
