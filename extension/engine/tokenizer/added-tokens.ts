/** Finds special tokens, and tokens added to a trained vocabulary, in the text before any other step. */
import type { Config } from "../model-folder/config";
import { sections } from "./json";
import { AlignedText } from "./text/aligned-text";
import type { Normalizer } from "./text/normalizer";
import { spacesAtEnd, spacesAtStart } from "./text/whitespace";

/** https://huggingface.co/docs/tokenizers/api/added-tokens */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** The token is not matched inside a word. */
  readonly isSingleWord: boolean;
  /** The token also takes the white space before it (left) or after it (right). */
  readonly stripsLeft: boolean;
  readonly stripsRight: boolean;
  /** The token is normalized, then matched in the normalized text. */
  readonly isNormalized: boolean;
  /** The token is markup rather than text, such as an end-of-sequence token. */
  readonly isSpecial: boolean;
}

/** A stretch of text: an added token, or plain text if `token` is undefined. */
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
  /** Child nodes by UTF-16 unit. */
  readonly children: Map<number, Node>;
  token: AddedToken | undefined;
}

/** Finds added tokens in a text: leftmost first, and the longest of those that start at the same place. */
export class AddedTokenFinder {
  private readonly root: Node = { children: new Map(), token: undefined };

  /** The tokens' own text is normalized with `normalizer`; pass the identity to match them in the source. */
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

  /** Splits the whole text into nonempty stretches, in order. */
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

/** A word character, as the Rust library defines \w. */
const word = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";

function isWordBefore(text: string, at: number): boolean {
  return new RegExp(`${word}$`, "u").test(text.slice(Math.max(at - 2, 0), at));
}

function isWordAt(text: string, at: number): boolean {
  return new RegExp(`^${word}`, "u").test(text.slice(at, at + 2));
}
