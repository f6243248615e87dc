/** The model that a setting names: a path in any of the ways that people write them, or a name in the Hugging Face cache. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** What a path may be relative to. */
export interface PathContext {
  /** Folders of the workspace, the first of which counts for relative paths. */
  readonly workspaceFolders: readonly string[];
  readonly isFolder: (path: string) => boolean;
}

/**
 * `~`, `${userHome}` and `${workspaceFolder}` are expanded, and blanks around the path are dropped. A relative path
 * counts from the workspace; without `./` it does so if the folder exists there, and otherwise stays the name it may be.
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
