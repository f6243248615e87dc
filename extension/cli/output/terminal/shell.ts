/** Shell quoting for commands that are printed to be copied. */
import { relative } from "node:path";

/** A path as the user would type it: relative if it is in the current folder, quoted if it has to be. */
export function shellQuoted(path: string): string {
  const short = relative(process.cwd(), path);
  const shown = short === "" || short.startsWith("..") ? path : short;
  return /^[\w./:\\@%+=,-]+$/.test(shown) ? shown : JSON.stringify(shown);
}
