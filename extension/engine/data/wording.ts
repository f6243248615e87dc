/** Pieces of error messages. */

import { oneLine } from "../../display/one-line";

/** `a`, `b` and `c` */
export function quoted(names: readonly string[]): string {
  const all = names.map((name) => `\`${oneLine(name)}\``);
  const last = all.pop();
  return all.length === 0 ? (last ?? "none") : `${all.join(", ")} and ${last}`;
}
