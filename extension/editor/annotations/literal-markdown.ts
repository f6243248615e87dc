/** Text from files inside Markdown. Pure. */

/**
 * Markdown that shows exactly this text. MarkdownString.appendText leaves `<` and `&` as they are, so that a token
 * `<b>` would vanish; numbered entities can neither be tags nor begin any Markdown, links without brackets included.
 */
export function literal(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => {
    if (character === " ") return "&nbsp;";
    return `&#${character.codePointAt(0)};`;
  });
}
