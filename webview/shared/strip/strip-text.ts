/** Converts text of a completion to nodes: line breaks get a mark, and invisible characters are spelled out. */
import { element } from "../dom";

/** Control characters except tab, and format characters except joiners, which scripts and emoji need. */
const special = /\n|(?![\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

export function textNodes(text: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let rest = text;
  for (let at = rest.search(special); at >= 0; at = rest.search(special)) {
    const character = String.fromCodePoint(rest.codePointAt(at) ?? 0);
    if (at > 0) nodes.push(rest.slice(0, at));
    // CSS draws the mark, so it is neither read aloud nor copied.
    if (character === "\n") nodes.push(element("span", "newline"), "\n");
    else nodes.push(element("span", "unseen", `U+${hex(character)}`));
    rest = rest.slice(at + character.length);
  }
  if (rest !== "") nodes.push(rest);
  return nodes;
}

/** The same text for screen readers. A space separates the mark of a line break from a word that follows it. */
export function spelled(text: string): string {
  return text.replace(new RegExp(special, "gu"), (character, at: number) => {
    if (character !== "\n") return `U+${hex(character)}`;
    return /[\p{L}\p{N}]/u.test(text[at + 1] ?? "") ? "\\n " : "\\n";
  });
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
