/** Formats parts of error messages. */
import { oneLine } from "../../display/one-line";

/** Lists names as `a`, `b` and `c` in backticks. */
export function quotedList(names: readonly string[]): string {
  const all = names.map((name) => `\`${oneLine(name)}\``);
  const last = all.pop();
  return all.length === 0 ? (last ?? "none") : `${all.join(", ")} and ${last}`;
}
