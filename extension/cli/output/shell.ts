/** Commands that are printed to be run. */
import { relative } from "node:path";

/** A path as the user would type it here: relative where it is below the current folder, quoted where it has to be. */
export function shellQuoted(path: string): string {
  const short = relative(process.cwd(), path);
  const shown = short === "" || short.startsWith("..") ? path : short;
  return /^[\w./:\\@%+=,-]+$/.test(shown) ? shown : JSON.stringify(shown);
}
