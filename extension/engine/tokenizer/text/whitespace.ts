/** Counts white space as Unicode defines it (JavaScript's \s differs), without a backtracking pattern. */

/** Tells whether a UTF-16 unit is white space; all white space is in the basic multilingual plane. */
export function isSpace(char: string): boolean {
  return /^\p{White_Space}$/u.test(char);
}

/** Counts the units of white space that start at `from`. */
export function spacesAtStart(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) at++;
  return at - from;
}

/** Counts the units of white space that end at `to`, back to `from` at most. */
export function spacesAtEnd(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(text.charAt(at - 1))) at--;
  return to - at;
}
