/** Numbers and tokens as text. Pure: the editor and webviews share it. */

/** With a minus sign (U+2212), so that columns of numbers line up. */
export function decimal(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export function signed(value: number, digits = 2): string {
  const text = decimal(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** At most two decimals, without trailing zeros: `0`, `−0.25`. */
export function short(value: number): string {
  return decimal(value).replace(/\.?0+$/, "");
}

/** Two decimals for rewards between -1 and 1, one decimal for others: rewards have no bounds. */
export function rewardText(reward: number): string {
  return signed(reward, Math.abs(reward) < 1 ? 2 : 1);
}

/** Words a share in whole percent, with 0% only for none and 100% only for all. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  const held = share < 1 && rounded === 100 ? 99 : share > 0 && rounded === 0 ? 1 : rounded;
  return `${held}%`;
}

export function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

/** Characters that are invisible, or that reorder the text around them. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A token in quotation marks, with invisible characters escaped. */
export function quoted(text: string): string {
  return `"${text.replace(unseen, escapeOf)}"`;
}

function escapeOf(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  if (character === "\u200d") return character; // Joins emoji.
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
