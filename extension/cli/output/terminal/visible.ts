/** Makes untrusted text safe to print to a terminal. */

/** Controls except newline and tab, and what reorders or hides text. Joiners are kept: scripts and emoji need them. */
const unsafe = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Escapes every character that a terminal would obey or hide, for example as `\u001b`: such characters can change the
 * screen, the window title or the clipboard. Escaped JSON keeps its meaning.
 */
export function visible(text: string): string {
  return text.replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, i) => escaped(character.charCodeAt(i))).join(""),
  );
}

/** Also escapes line breaks, so that text cannot pass for a message of ours. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\\n");
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
