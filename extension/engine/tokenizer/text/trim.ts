/** Implements `trim_offsets` of byte-level tokenizers, which excludes a token's white space from its range. */
import { spaceCharacter } from "./byte-level";
import { isSpace } from "./whitespace";

/**
 * Trims the range of a token of `source` by one character for each white-space character at that side of `token`, which
 * is spelled as in the vocabulary. If `keepsPrefix` is set, a single space at the start of the text counts as added by
 * the tokenizer and is not trimmed.
 * https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/pre_tokenizers/byte_level.rs process_offsets
 */
export function trimRange(
  source: string,
  token: string,
  [start, end]: readonly [start: number, end: number],
  isFirst: boolean,
  keepsPrefix: boolean,
): [start: number, end: number] {
  const leading = countSpaces(token, 0, 1);
  const trailing = countSpaces(token, token.length - 1, -1);
  const isPrefix = leading === 1 && keepsPrefix && (isFirst || start === 0);
  let from = start;
  for (let i = 0; i < leading && !isPrefix && from < end; i++) from += isPairAt(source, from) ? 2 : 1;
  let to = end;
  for (let i = 0; i < trailing && to > from; i++) to -= isPairAt(source, to - 2) ? 2 : 1;
  return [from, to];
}

function countSpaces(token: string, from: number, step: 1 | -1): number {
  let count = 0;
  for (let at = from; at >= 0 && at < token.length; at += step) {
    const char = token.charAt(at);
    if (char !== spaceCharacter && !isSpace(char)) break;
    count++;
  }
  return count;
}

function isPairAt(source: string, at: number): boolean {
  return at >= 0 && (source.codePointAt(at) ?? 0) > 0xffff;
}
