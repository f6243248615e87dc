/** Writes JSON in every way that JSON allows, and records the place of each string. */
import fc from "fast-check";
import type { OffsetRange } from "../../../../../extension/editor/documents/regions/region";

export interface WrittenJson {
  readonly source: string;
  /** Places of strings between their quotes, by path such as `chosen.1.content`; the last of duplicate members. */
  readonly strings: ReadonlyMap<string, OffsetRange>;
}

/** Returns a choice in [0, n) of how to write the next part. */
type Dice = (n: number) => number;

/** A writer's choices, drawn once and repeated. */
export const writings: fc.Arbitrary<(value: unknown) => WrittenJson> = fc
  .array(fc.nat(1000), { minLength: 1, maxLength: 40 })
  .map((throws) => (value) => {
    let thrown = 0;
    const dice: Dice = (n) => ((throws[thrown % throws.length] ?? 0) + 7 * thrown++) % n;
    return write(value, dice);
  });

/** Text with all characters that JSON escapes, and any UTF-16 units. */
export const texts: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom("a", " ", "word", "\n", '"', "\\", "/", "é", "😀", "<b>", "{", "]"),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom("\ud83d", "\ude00", "\u0000", "\r\n", "\t", "\u2028", "\uFEFF", "\\n"),
      },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(""));

/** Text that is not empty and has no white space at its ends. */
export const words: fc.Arbitrary<string> = texts.map((text) => `w${text}.`);

function write(value: unknown, dice: Dice): WrittenJson {
  const strings = new Map<string, OffsetRange>();
  let source = "";
  const blank = (): void => {
    source += ["", "", " ", "\t", "  ", "\r"][dice(6)] ?? "";
  };
  const put = (item: unknown, path: string): void => {
    blank();
    if (typeof item === "string") {
      const start = source.length + 1;
      source += `"${escaped(item, dice)}"`;
      strings.set(path, { start, end: source.length - 1 });
    } else if (Array.isArray(item)) {
      source += "[";
      item.forEach((each, i) => {
        if (i > 0) source += ",";
        put(each, `${path}.${i}`);
      });
      blank();
      source += "]";
    } else if (typeof item === "object" && item !== null) {
      source += "{";
      membersOf(item, dice).forEach(([name, each], i) => {
        if (i > 0) source += ",";
        blank();
        source += `"${escaped(name, dice)}"`;
        blank();
        source += ":";
        put(each, path === "" ? name : `${path}.${name}`);
      });
      blank();
      source += "}";
    } else source += JSON.stringify(item);
    blank();
  };
  put(value, "");
  return { source, strings };
}

/** Writes members in any order, sometimes one of them twice, of which the second counts. */
function membersOf(item: object, dice: Dice): [string, unknown][] {
  const members: [string, unknown][] = Object.entries(item);
  for (let i = members.length - 1; i > 0; i--) {
    const j = dice(i + 1);
    const [a, b] = [members[i], members[j]];
    if (a && b) [members[i], members[j]] = [b, a];
  }
  const [name] = members.at(-1) ?? [];
  if (name !== undefined && dice(4) === 0) members.unshift([name, ["decoy", 1e3]]);
  return members;
}

const short: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
  '"': '\\"',
  "\\": "\\\\",
  "/": "\\/",
};

function escaped(text: string, dice: Dice): string {
  let written = "";
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i);
    const code = text.charCodeAt(i);
    const mustEscape = code < 0x20 || unit === '"' || unit === "\\";
    const how = dice(6);
    if (!mustEscape && how > 1) written += unit;
    else if (short[unit] !== undefined && how !== 0) written += short[unit];
    else {
      const hex = code.toString(16).padStart(4, "0");
      written += `\\u${dice(2) === 0 ? hex : hex.toUpperCase()}`;
    }
  }
  return written;
}
