/** Pieces of error messages. */

const longest = 200;

/** Text from a file or a library, fit for one line of a terminal. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line;
}

/** `a`, `b` and `c` */
export function quoted(names: readonly string[]): string {
  const all = names.map((name) => `\`${oneLine(name)}\``);
  const last = all.pop();
  return all.length === 0 ? (last ?? "none") : `${all.join(", ")} and ${last}`;
}
