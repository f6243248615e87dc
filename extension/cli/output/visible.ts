/** Text of other people's making, safe for a terminal. */

/** Controls but new lines and tabs, and what turns or hides the text around it. Joiners stay: scripts and emoji need them. */
const unsafe = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Writes out every character that a terminal would obey or hide, as `\u001b`: a terminal can be made to change what it
 * shows, its title, or the clipboard. JSON means the same afterwards.
 */
export function visible(text: string): string {
  return text.replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, i) => escaped(character.charCodeAt(i))).join(""),
  );
}

/** The same on one line, so that text cannot pass for a message of ours. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\\n");
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
