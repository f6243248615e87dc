/** White space as Unicode has it (JavaScript's own set differs), counted without a backtracking pattern. */

/** All white space lies in the basic plane, so one UTF-16 unit is one character. */
export function isSpace(char: string): boolean {
  return /^\p{White_Space}$/u.test(char);
}

/** Units of white space from `from` on. */
export function spacesAtStart(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) at++;
  return at - from;
}

/** Units of white space before `to`, no further back than `from`. */
export function spacesAtEnd(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(text.charAt(at - 1))) at--;
  return to - at;
}
