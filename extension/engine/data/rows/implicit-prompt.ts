/** Prompts that a pair does not name: what its chosen and its rejected begin with alike. */
import type { Message } from "./row";

/** A pair's texts, cut where the prompt ends. */
export interface SplitPair<T> {
  readonly prompt: T;
  readonly chosen: T;
  readonly rejected: T;
}

/** Opens an answer in the raw strings of https://github.com/anthropics/hh-rlhf. */
const assistantMarker = "\n\nAssistant:";

/** Whether the text is a dialogue in hh-rlhf's form; the blank line before its first turn may be gone. */
export function isMarkedDialogue(text: string): boolean {
  return /(?:^|\n\n)Human:/.test(text) && text.includes(assistantMarker);
}

/** The prompt runs to the last assistant marker that both share, with it: the completion keeps its space. */
export function splitMarkedDialogues(chosen: string, rejected: string): SplitPair<string> {
  const shared = chosen.slice(0, sharedLength(chosen, rejected));
  const marker = shared.lastIndexOf(assistantMarker);
  return marker < 0
    ? splitTexts(chosen, rejected)
    : splitAt(chosen, rejected, marker + assistantMarker.length);
}

/**
 * The prompt is the shared beginning, cut so that neither a word nor the space before it is torn: of `is blue` and
 * `is black` it is `is`. Something is left to both.
 */
export function splitTexts(chosen: string, rejected: string): SplitPair<string> {
  let end = sharedLength(chosen, rejected);
  const isWhole = end === chosen.length || end === rejected.length;
  // One text continues the other: the last word they share goes to the completions.
  if (isWhole) end -= lastLetter(chosen, end).length;
  const isTorn = (text: string): boolean => isInWord(text, end);
  while (end > 0 && (isTorn(chosen) || isTorn(rejected))) end -= lastLetter(chosen, end).length;
  if (chosen[end - 1] === " ") end--;
  return splitAt(chosen, rejected, end);
}

/** The prompt is the shared turns; at least the last turn is left to both. */
export function splitConversations(
  chosen: readonly Message[],
  rejected: readonly Message[],
): SplitPair<readonly Message[]> {
  const most = Math.min(chosen.length, rejected.length) - 1;
  let shared = 0;
  while (shared < most && isSame(chosen[shared], rejected[shared])) shared++;
  return {
    prompt: chosen.slice(0, shared),
    chosen: chosen.slice(shared),
    rejected: rejected.slice(shared),
  };
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

function isSame(a: Message | undefined, b: Message | undefined): boolean {
  return a?.role === b?.role && a?.content === b?.content;
}

function splitAt(chosen: string, rejected: string, end: number): SplitPair<string> {
  return { prompt: chosen.slice(0, end), chosen: chosen.slice(end), rejected: rejected.slice(end) };
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
