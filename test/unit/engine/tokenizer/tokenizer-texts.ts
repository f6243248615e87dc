/** Generates texts that are difficult for tokenizers, for property tests. */
import fc from "fast-check";

const words = [
  "reward",
  "Reward",
  "question",
  "don't",
  "they'll",
  "Token",
  "tokens",
  "return",
  "élèves",
  "E\u0301te\u0301",
  "Straße",
  "İstanbul",
  "ΣΑΣ",
  "今日",
  "書",
  "𠀀𠮷",
  "한국어",
  "각",
  "\u1100\u1161\u11a8",
  "नमस्ते",
  "أهلا",
  "ﬁne",
  "Ⅷ",
  "１２",
  "½",
  "x²",
  "12",
  "1234567",
  "3.14",
  "''",
  '"',
];
const marks = [
  "\u0301",
  "\u0323",
  "\u0308",
  "\u0344",
  "\u0345",
  "\u0315",
  "\u0327",
  "\u1ea1",
  "a\u0308\u0323",
  "\u3099",
  "か\u3099",
  "\u0f71\u0f72",
  "\u0958",
];
const emoji = ["👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️", "🚀", "🏳️‍🌈", "☺", "\u200d"];
const spaces = [
  " ",
  " ",
  " ",
  "  ",
  "\t",
  "\t\t",
  "\n",
  "\n\n",
  "\r\n",
  "\r",
  "\u00a0",
  "\u3000",
  "\u2028",
  "\u0085",
  "\u200b",
  "\ufeff",
  "▁",
  "▁▁",
  "\v",
];
const controls = [
  "\0",
  "\u0001",
  "\u007f",
  "\u00ad",
  "\ufffd",
  "\ud800",
  "\udc00",
  "\udbff",
  "<0x0A>",
  "##",
  "Ġ",
  "Ċ",
];
const punctuation = [
  ".",
  ",",
  "!",
  "?",
  "-",
  "_",
  "(",
  ")",
  "{",
  "}",
  "€",
  "$",
  "+",
  "=",
  "<",
  ">",
  "¿",
  "。",
  "、",
  "«",
  "…",
];

/** Generates texts that also contain the `added` tokens of the tokenizer under test. */
export function troublesomeText(added: readonly string[], maxLength = 24): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...words) },
    { weight: 5, arbitrary: fc.constantFrom(...spaces) },
    { weight: 2, arbitrary: fc.constantFrom(...marks) },
    { weight: 2, arbitrary: fc.constantFrom(...emoji) },
    { weight: 2, arbitrary: fc.constantFrom(...controls) },
    { weight: 3, arbitrary: fc.constantFrom(...punctuation) },
    { weight: 2, arbitrary: fc.string({ maxLength: 6 }) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 3 }).filter(isOldEnough) },
    ...(added.length > 0
      ? [{ weight: 3, arbitrary: fc.constantFrom(...added, ...added.map((text) => text.toLowerCase())) }]
      : []),
  );
  return fc.array(piece, { maxLength }).map((pieces) => pieces.join(""));
}

/** The Rust library's Unicode tables are older than the runtime's, so newer characters may differ in class. */
function isOldEnough(text: string): boolean {
  const old =
    /^[\p{ASCII}\u0080-\u052f\u1e00-\u1fff\u3040-\u30ff\u4e00-\u9fa5\uac00-\ud7a3\u{1f600}-\u{1f64f}]*$/u;
  return old.test(text);
}
