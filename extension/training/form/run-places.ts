/** Folders that runs can be made in. */
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** What the form asks of the disk while a user types. */
export interface RunPlaces {
  /** Names that no new run can have in this folder, which need not be there. */
  readonly taken: (folder: string) => readonly string[];
  /** Why no run can be made in this folder, in a sentence; undefined: one can. */
  readonly problem: (folder: string) => string | undefined;
}

export const diskPlaces: RunPlaces = { taken: namesIn, problem: problemOf };

/** The path that was typed, `~` as the user's own folder. */
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
  if (!isAbsolute(folder)) return `Give the whole path, as ${join(homedir(), "runs")}.`;
  const there = nearest(folder);
  try {
    if (!statSync(there).isDirectory()) return `${there} is a file: give a folder.`;
    accessSync(there, constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return `${there} cannot be written to: give a folder of your own.`;
  }
}

/** The folder itself, or the deepest of those it is to be made in. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}
