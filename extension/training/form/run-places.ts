/** Checks folders in which runs may be created. */
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Checks on disk while a user types. */
export interface RunPlaces {
  /** Names that are taken in a folder, which need not exist. */
  readonly taken: (folder: string) => readonly string[];
  /** A sentence about why no run can be created in a folder; undefined if one can. */
  readonly problem: (folder: string) => string | undefined;
}

export const diskPlaces: RunPlaces = { taken: namesIn, problem: problemOf };

/** A path with `~` expanded to the user's home folder. */
export function expandedPath(text: string): string {
  return text === "~" || text.startsWith("~/") ? join(homedir(), text.slice(1)) : text;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function problemOf(folder: string): string | undefined {
  if (!isAbsolute(folder)) return `Enter an absolute path, such as ${join(homedir(), "runs")}.`;
  const there = nearest(folder);
  try {
    if (!statSync(there).isDirectory()) return `${there} is a file; enter a folder.`;
    accessSync(there, constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return `${there} is not writable; enter another folder.`;
  }
}

/** The path itself if it exists, or else its deepest existing parent. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}
