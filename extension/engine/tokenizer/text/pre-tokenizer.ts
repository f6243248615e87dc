/** The pre-tokenizers of tokenizer.json. https://huggingface.co/docs/tokenizers/api/pre-tokenizers */
import type { Config } from "../../model-folder/config";
import { oneOf, patternOf, sections, unsupported } from "../json";
import { AlignedText, AlignedTextBuilder } from "./aligned-text";
import { toByteLevel } from "./byte-level";
import { type Pieces, type SplitBehavior, splitPieces } from "./pieces";

export type PreTokenizer = (pieces: Pieces) => Pieces;

const behaviors: readonly SplitBehavior[] = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
];
const punctuation = /[\p{P}!-/:-@[-`{-~]/gu;
const whitespace = /\p{White_Space}/gu;
const gpt2Words =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const wordClass = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";

/** Creates a pre-tokenizer. Throws InputError if its type is unknown. */
export function createPreTokenizer(config: Config | undefined): PreTokenizer {
  if (!config) return (pieces) => pieces;
  const type = config.string("type", "");
  switch (type) {
    case "Sequence": {
      const steps = sections(config, "pretokenizers").map(createPreTokenizer);
      return (pieces) => steps.reduce((result, step) => step(result), pieces);
    }
    case "ByteLevel":
      return byteLevel(config.flag("add_prefix_space", true), config.flag("use_regex", true));
    case "Metaspace":
      return metaspace(config);
    case "Split":
      return splitter(patternOf(config), behaviorOf(config), config.flag("invert", false));
    case "Digits":
      return splitter(/\p{N}/gu, config.flag("individual_digits", false) ? "Isolated" : "Contiguous");
    case "Punctuation":
      return splitter(punctuation, behaviorOf(config));
    case "WhitespaceSplit":
      return splitter(whitespace, "Removed");
    case "Whitespace":
      return splitter(
        new RegExp(`${wordClass}+|(?:(?!${wordClass})\\P{White_Space})+`, "gu"),
        "Removed",
        true,
      );
    case "BertPreTokenizer":
      return (pieces) => splitPieces(splitPieces(pieces, whitespace, "Removed"), punctuation, "Isolated");
    default:
      throw unsupported(config, "pre-tokenizer", type);
  }
}

function behaviorOf(config: Config): SplitBehavior {
  return oneOf(config, "behavior", behaviors, "Isolated");
}

function splitter(pattern: RegExp, behavior: SplitBehavior, invert = false): PreTokenizer {
  return (pieces) => splitPieces(pieces, pattern, behavior, invert);
}

function byteLevel(addPrefixSpace: boolean, useRegex: boolean): PreTokenizer {
  return (pieces) => {
    const prefixed = addPrefixSpace ? prefixPieces(pieces, " ", () => true) : pieces;
    return toByteLevel(useRegex ? splitPieces(prefixed, gpt2Words, "Isolated") : prefixed);
  };
}

function metaspace(config: Config): PreTokenizer {
  const mark = config.string("replacement", "▁");
  if (mark.length !== 1) throw config.fault("replacement", "one character");
  const fallback = config.flag("add_prefix_space", true) ? "always" : "never";
  const scheme = oneOf(config, "prepend_scheme", ["always", "first", "never"], fallback);
  const split = config.flag("split", true);
  const words = new RegExp(mark.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "gu");
  return ({ text, bounds }) => {
    // Each unit is replaced by one unit, so the source ranges stay valid.
    const marked: Pieces = {
      text: new AlignedText(text.text.replaceAll(" ", mark), text.starts, text.ends),
      bounds,
    };
    const prefixed =
      scheme === "never" ? marked : prefixPieces(marked, mark, (start) => scheme === "always" || start === 0);
    return split ? splitPieces(prefixed, words, "MergedWithNext") : prefixed;
  };
}

/**
 * Adds a prefix to every piece that does not begin with it, if `wanted` is true for the piece's start in the source.
 * The prefix shares the source range of the piece's first character.
 */
function prefixPieces(pieces: Pieces, prefix: string, wanted: (start: number) => boolean): Pieces {
  const { text, bounds } = pieces;
  const builder = new AlignedTextBuilder();
  const out: number[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const from = bounds[i] ?? 0;
    const begin = builder.length;
    if (!text.text.startsWith(prefix, from) && wanted(text.sourceStart(from)))
      builder.write(prefix, text, from);
    builder.copy(text, from, bounds[i + 1] ?? 0);
    out.push(begin, builder.length);
  }
  return { text: builder.build(), bounds: out };
}
