/** Puts text from a file or a library on one line, cut after `longest` UTF-16 units. */
export function oneLine(text: string, longest = 200): string {
  const line = text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line;
}
