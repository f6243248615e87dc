/** Prompts that a pair does not name: what its chosen and its rejected begin with alike. */
import type { SourcedMessage } from "./text";

/** Opens an answer in the raw strings of https://github.com/anthropics/hh-rlhf. */
const assistantMarker = "\n\nAssistant:";

/** Whether the text is a dialogue in hh-rlhf's form; the blank line before its first turn may be gone. */
export function isMarkedDialogue(text: string): boolean {
  return /(?:^|\n\n)Human:/.test(text) && text.includes(assistantMarker);
}

/** Where the prompt ends: after the last assistant marker that both texts share. The completion keeps its space. */
export function markedPromptEnd(chosen: string, rejected: string): number {
  const shared = chosen.slice(0, sharedLength(chosen, rejected));
  const marker = shared.lastIndexOf(assistantMarker);
  return marker < 0 ? promptEnd(chosen, rejected) : marker + assistantMarker.length;
}

/**
 * Where the prompt ends: with what both texts begin with, cut so that neither a word nor the space before it is torn.
 * Of `is blue` and `is black` it is `is`. Something is left to both.
 */
export function promptEnd(chosen: string, rejected: string): number {
  let end = sharedLength(chosen, rejected);
  const isWhole = end === chosen.length || end === rejected.length;
  // One text continues the other: the last word they share goes to the completions.
  if (isWhole) end -= lastLetter(chosen, end).length;
  const isTorn = (text: string): boolean => isInWord(text, end);
  while (end > 0 && (isTorn(chosen) || isTorn(rejected))) end -= lastLetter(chosen, end).length;
  return chosen[end - 1] === " " ? end - 1 : end;
}

/** How many turns the prompt has: those that both begin with. At least the last turn is left to both. */
export function sharedTurns(chosen: readonly SourcedMessage[], rejected: readonly SourcedMessage[]): number {
  const most = Math.min(chosen.length, rejected.length) - 1;
  let shared = 0;
  while (shared < most && isSame(chosen[shared], rejected[shared])) shared++;
  return shared;
}

/** Length of the longest common prefix in UTF-16 units; never inside a surrogate pair. */
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
/** Scripts that put no space between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const mark = /\p{M}/u;

/** Whether a word runs across a place in the text. */
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

/** The character that ends at a place. */
function lastLetter(text: string, at: number): string {
  const isPair = at > 1 && isLow(text, at - 1) && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800;
  return text.slice(isPair ? at - 2 : Math.max(0, at - 1), at);
}
