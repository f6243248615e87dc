/** The normalizers of tokenizer.json. https://huggingface.co/docs/tokenizers/api/normalizers */
import type { Config } from "../../model-folder/config";
import { patternOf, sections, unsupported } from "../json";
import { type AlignedText, AlignedTextBuilder, replaceMatches } from "./aligned-text";
import { toByteLevel } from "./byte-level";
import { normalizeAligned } from "./unicode-form";
import { spacesAtEnd, spacesAtStart } from "./whitespace";

export type Normalizer = (text: AlignedText) => AlignedText;

/** Creates a normalizer. Throws InputError if its type is unknown. */
export function createNormalizer(config: Config | undefined): Normalizer {
  if (!config) return (text) => text;
  const type = config.string("type", "");
  switch (type) {
    case "Sequence": {
      const steps = sections(config, "normalizers").map(createNormalizer);
      return (text) => steps.reduce((result, step) => step(result), text);
    }
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return (text) => normalizeAligned(text, type);
    case "Lowercase":
      return lowercase;
    case "StripAccents":
      return (text) => replaceMatches(text, /\p{M}/gu, () => "");
    case "BertNormalizer":
      return bertNormalizer(config);
    case "Strip": {
      const left = config.flag("strip_left", true);
      const right = config.flag("strip_right", true);
      return (text) => strip(text, left, right);
    }
    case "Replace": {
      const pattern = patternOf(config);
      const content = config.string("content", "");
      return (text) => replaceMatches(text, pattern, () => content);
    }
    case "Prepend": {
      const prefix = config.string("prepend", "");
      return (text) => prepend(text, prefix);
    }
    case "ByteLevel":
      return (text) => toByteLevel({ text, bounds: [0, text.text.length] }).text;
    default:
      throw unsupported(config, "normalizer", type);
  }
}

/** Prepends text that shares the source range of the first character. */
function prepend(text: AlignedText, prefix: string): AlignedText {
  if (text.text === "") return text;
  const builder = new AlignedTextBuilder();
  builder.write(prefix, text, 0);
  builder.copy(text, 0, text.text.length);
  return builder.build();
}

function strip(text: AlignedText, left: boolean, right: boolean): AlignedText {
  const { length } = text.text;
  const from = left ? spacesAtStart(text.text, 0) : 0;
  return text.slice(from, length - (right ? spacesAtEnd(text.text, from, length) : 0));
}

/** Lowercases character by character, without the rule for a final sigma, as the Rust library does. */
function lowercase(text: AlignedText): AlignedText {
  return replaceMatches(text, /\p{Changes_When_Lowercased}/gu, (char) => char.toLowerCase());
}

/** https://github.com/google-research/bert/blob/master/tokenization.py BasicTokenizer */
function bertNormalizer(config: Config): Normalizer {
  const isLowercase = config.flag("lowercase", true);
  const steps: Normalizer[] = [];
  if (config.flag("clean_text", true)) {
    const unclean = /[\0\uFFFD\p{Cc}\p{Cf}\p{Co}]|\p{White_Space}/gu;
    const blank = /[\t\n\r]|(?!\p{Cc})\p{White_Space}/u;
    steps.push((text) => replaceMatches(text, unclean, (char) => (blank.test(char) ? " " : "")));
  }
  if (config.flag("handle_chinese_chars", true)) {
    const ideograph =
      /[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;
    steps.push((text) => replaceMatches(text, ideograph, (char) => ` ${char} `));
  }
  if (config.flag("strip_accents", isLowercase)) {
    steps.push((text) => replaceMatches(normalizeAligned(text, "NFD"), /\p{Mn}/gu, () => ""));
  }
  if (isLowercase) steps.push(lowercase);
  return (text) => steps.reduce((result, step) => step(result), text);
}
