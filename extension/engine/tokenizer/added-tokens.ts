/** Tokens that are found in the text before any other step: special tokens, and those added to a trained vocabulary. */
import type { Config } from "../model-folder/config";
import { sections } from "./json";
import { AlignedText } from "./text/aligned-text";
import type { Normalizer } from "./text/normalizer";
import { spacesAtEnd, spacesAtStart } from "./text/whitespace";

/** https://huggingface.co/docs/tokenizers/api/added-tokens */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Not found inside a word. */
  readonly isSingleWord: boolean;
  /** Takes the white space before it, or after it. */
  readonly stripsLeft: boolean;
  readonly stripsRight: boolean;
  /** Is looked for, normalized itself, in the normalized text. */
  readonly isNormalized: boolean;
  /** Marks up texts and is no text itself, as the end of a sequence. */
  readonly isSpecial: boolean;
}

/** A stretch of text: an added token's, or plain text where token is undefined. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly token: AddedToken | undefined;
}

export function readAddedTokens(tokenizerJson: Config): AddedToken[] {
  return sections(tokenizerJson, "added_tokens").map((entry) => addedToken(entry, entry.number("id", -1)));
}

export function addedToken(entry: Config, id: number): AddedToken {
  if (!Number.isInteger(id) || id < 0) throw entry.fault("id", "an id");
  const isSpecial = entry.flag("special", false);
  return {
    id,
    content: entry.string("content", ""),
    isSingleWord: entry.flag("single_word", false),
    stripsLeft: entry.flag("lstrip", false),
    stripsRight: entry.flag("rstrip", false),
    isNormalized: entry.flag("normalized", !isSpecial),
    isSpecial,
  };
}

interface Node {
  /** By UTF-16 unit. */
  readonly children: Map<number, Node>;
  token: AddedToken | undefined;
}

/** Finds a set of added tokens in a text: the leftmost first, the longest of those that begin together. */
export class AddedTokenFinder {
  private readonly root: Node = { children: new Map(), token: undefined };

  /** normalizer: what the tokens' own text goes through, where they are looked for in normalized text. */
  constructor(tokens: readonly AddedToken[], normalizer: Normalizer) {
    for (const token of tokens) {
      const { text } = normalizer(AlignedText.fromSource(token.content, 0, token.content.length));
      if (text !== "") this.add(text, token);
    }
  }

  private add(text: string, token: AddedToken): void {
    let node = this.root;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const child = node.children.get(unit) ?? { children: new Map(), token: undefined };
      node.children.set(unit, child);
      node = child;
    }
    node.token ??= token;
  }

  /** The whole text in stretches, in order; none of them is empty. */
  split(text: string): Stretch[] {
    const stretches: Stretch[] = [];
    let done = 0;
    for (let at = 0; at < text.length; ) {
      const found = this.longestAt(text, at);
      if (!found) {
        at++;
        continue;
      }
      const { token } = found;
      const from = at;
      at = found.end;
      if (token.isSingleWord && (isWordBefore(text, from) || isWordAt(text, at))) continue;
      const start = token.stripsLeft ? from - spacesAtEnd(text, done, from) : from;
      const end = token.stripsRight ? at + spacesAtStart(text, at) : at;
      if (start > done) stretches.push({ start: done, end: start, token: undefined });
      stretches.push({ start, end, token });
      done = end;
    }
    if (done < text.length) stretches.push({ start: done, end: text.length, token: undefined });
    return stretches;
  }

  private longestAt(text: string, at: number): { token: AddedToken; end: number } | undefined {
    let found: { token: AddedToken; end: number } | undefined;
    let node = this.root.children.get(text.charCodeAt(at));
    for (let end = at + 1; node; end++) {
      if (node.token) found = { token: node.token, end };
      node = node.children.get(text.charCodeAt(end));
    }
    return found;
  }
}

/** A word's character, as the Rust library's \w has it. */
const word = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";

function isWordBefore(text: string, at: number): boolean {
  return new RegExp(`${word}$`, "u").test(text.slice(Math.max(at - 2, 0), at));
}

function isWordAt(text: string, at: number): boolean {
  return new RegExp(`^${word}`, "u").test(text.slice(at, at + 2));
}
