/** Checks whether paths are inside folders, with symbolic links resolved. */
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";

/** The first of the real paths that is one of the folders or inside one; undefined if there is none. */
export async function firstInside(
  places: readonly string[],
  folders: readonly string[],
): Promise<string | undefined> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  return places.find((place) => real.some((folder) => isInside(place, folder)));
}

function isInside(place: string, folder: string): boolean {
  const path = relative(folder, place);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
