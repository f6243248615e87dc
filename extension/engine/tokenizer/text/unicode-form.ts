/**
 * Unicode normalization that tracks where every character came from. String.normalize returns only the text, so this
 * file implements the algorithm of Unicode annex 15, with String.normalize as its only table.
 * https://unicode.org/reports/tr15/
 */
import { type AlignedText, AlignedTextBuilder } from "./aligned-text";

export type UnicodeForm = "NFC" | "NFD" | "NFKC" | "NFKD";

/**
 * A character of the result. `change` follows the Rust library: 1 for an inserted character, 0 for one that replaces a
 * source character, -n for one that replaces 1 + n source characters.
 */
interface Change {
  readonly char: string;
  readonly change: number;
}

export function normalizeAligned(text: AlignedText, form: UnicodeForm): AlignedText {
  // String.normalize takes quadratic time for a long sequence of marks; the algorithm below does not.
  const hasManyMarks = /\p{M}{100}/u.test(text.text);
  if (!hasManyMarks && text.text.normalize(form) === text.text) return text;
  const decomposed = decompose(text.text, form === "NFC" || form === "NFD" ? "NFD" : "NFKD");
  const changes = form === "NFC" || form === "NFKC" ? compose(decomposed) : decomposed;
  return applyChanges(text, changes);
}

function decompose(text: string, form: "NFD" | "NFKD"): Change[] {
  const out: Change[] = [];
  let marks: Change[] = [];
  const flush = (): void => {
    marks.sort((a, b) => order(a.char, b.char));
    for (const mark of marks) out.push(mark);
    marks = [];
  };
  for (const char of text) {
    let change = 0;
    for (const part of char < "\u0080" ? char : char.normalize(form)) {
      if (isStarter(part)) {
        flush();
        out.push({ char: part, change });
      } else {
        marks.push({ char: part, change });
      }
      change = 1;
    }
  }
  flush();
  return out;
}

function compose(decomposed: readonly Change[]): Change[] {
  const out: Change[] = [];
  let starter: Change | undefined;
  let marks: Change[] = [];
  const flush = (): void => {
    if (starter) out.push(starter);
    for (const mark of marks) out.push(mark);
    starter = undefined;
    marks = [];
  };
  for (const next of decomposed) {
    const isMark = !isStarter(next.char);
    if (starter && !isBlocked(marks.at(-1)?.char, next.char, isMark)) {
      const composed = `${starter.char}${next.char}`.normalize("NFC");
      if (isOneCharacter(composed)) {
        starter = { char: composed, change: starter.change + next.change - 1 };
        continue;
      }
    }
    if (isMark && starter) {
      marks.push(next);
    } else {
      flush();
      if (isMark) out.push(next);
      else starter = next;
    }
  }
  flush();
  return out;
}

/** Tells whether the last uncomposed mark blocks the next character from composing with the starter. */
function isBlocked(lastMark: string | undefined, char: string, isMark: boolean): boolean {
  if (lastMark === undefined) return false;
  return !isMark || order(lastMark, char) === 0;
}

function applyChanges(text: AlignedText, changes: readonly Change[]): AlignedText {
  const builder = new AlignedTextBuilder();
  // Offsets of the next character to be replaced and of the one replaced last.
  let at = 0;
  let last = 0;
  const step = (): void => {
    last = at;
    at += (text.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  };
  for (const { char, change } of changes) {
    if (change > 0) {
      builder.write(char, text, last);
      continue;
    }
    builder.write(char, text, at);
    for (let taken = change; taken <= 0; taken++) step();
  }
  return builder.build();
}

/** Tells whether the combining class of a decomposed character is 0. U+0345 has the highest class, 240. */
function isStarter(char: string): boolean {
  if (char < "\u0300" || !/^\p{M}$/u.test(char)) return true;
  return char !== "\u0345" && order("\u0345", char) === 0;
}

/** Compares the combining classes of two decomposed characters. A starter compares equal to every character. */
function order(a: string, b: string): number {
  if (`${a}${b}`.normalize("NFD") !== `${a}${b}`) return 1;
  return `${b}${a}`.normalize("NFD") !== `${b}${a}` ? -1 : 0;
}

function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}
