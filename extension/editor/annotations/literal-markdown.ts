/** Text from files inside Markdown. Pure. */

/**
 * Returns Markdown that shows exactly this text. MarkdownString.appendText keeps `<` and `&`, so a token `<b>` would
 * disappear; numeric entities can neither form tags nor start any Markdown, not even bare links.
 */
export function literal(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => {
    if (character === " ") return "&nbsp;";
    return `&#${character.codePointAt(0)};`;
  });
}
