/** Finds the prompt of a pair without a prompt field: the shared beginning of chosen and rejected. */
import type { SourcedMessage } from "./text";

/** Begins an answer in the raw strings of https://github.com/anthropics/hh-rlhf. */
const assistantMarker = "\n\nAssistant:";

/** Whether the text is a dialogue in hh-rlhf's format; the blank line before its first turn may be missing. */
export function isMarkedDialogue(text: string): boolean {
  return /(?:^|\n\n)Human:/.test(text) && text.includes(assistantMarker);
}

/** End of the prompt, after the last shared assistant marker. The space after the marker is in the completion. */
export function markedPromptEnd(chosen: string, rejected: string): number {
  const shared = chosen.slice(0, sharedLength(chosen, rejected));
  const marker = shared.lastIndexOf(assistantMarker);
  return marker < 0 ? promptEnd(chosen, rejected) : marker + assistantMarker.length;
}

/**
 * End of the prompt: the texts' shared beginning, cut before a partial word and the space in front of it. For `is blue`
 * and `is black` the prompt is `is`. Both completions keep at least one character.
 */
export function promptEnd(chosen: string, rejected: string): number {
  let end = sharedLength(chosen, rejected);
  const isWhole = end === chosen.length || end === rejected.length;
  // One text is a prefix of the other, so the last shared word goes to the completions.
  if (isWhole) end -= lastLetter(chosen, end).length;
  const isTorn = (text: string): boolean => isInWord(text, end);
  while (end > 0 && (isTorn(chosen) || isTorn(rejected))) end -= lastLetter(chosen, end).length;
  return chosen[end - 1] === " " ? end - 1 : end;
}

/** Number of turns in the prompt: the shared ones, without the last turn of either conversation. */
export function sharedTurns(chosen: readonly SourcedMessage[], rejected: readonly SourcedMessage[]): number {
  const most = Math.min(chosen.length, rejected.length) - 1;
  let shared = 0;
  while (shared < most && isSame(chosen[shared], rejected[shared])) shared++;
  return shared;
}

/** Length of the longest common prefix in UTF-16 code units; it never splits a surrogate pair. */
export function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  const isAfterHigh = length > 0 && (a.charCodeAt(length - 1) & 0xfc00) === 0xd800;
  return isAfterHigh && (isLow(a, length) || isLow(b, length)) ? length - 1 : length;
}

function isLow(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

function isSame(a: SourcedMessage | undefined, b: SourcedMessage | undefined): boolean {
  return a?.role === b?.role && a?.content.text === b?.content.text;
}

const wordLetter = /[\p{L}\p{N}\p{M}_]/u;
/** Scripts without spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const mark = /\p{M}/u;

/** Whether an offset is inside a word. */
function isInWord(text: string, at: number): boolean {
  const [before, after] = [lastLetter(text, at), letterAt(text, at)];
  if (mark.test(after)) return true;
  return isWordLetter(before) && isWordLetter(after);
}

function isWordLetter(letter: string): boolean {
  return wordLetter.test(letter) && !unspaced.test(letter);
}

function letterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** The character that ends at an offset. */
function lastLetter(text: string, at: number): string {
  const isPair = at > 1 && isLow(text, at - 1) && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800;
  return text.slice(isPair ? at - 2 : Math.max(0, at - 1), at);
}
