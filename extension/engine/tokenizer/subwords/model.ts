/** The subword models of tokenizer.json. https://huggingface.co/docs/tokenizers/api/models */
import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";
import { createBpe } from "./bpe";
import type { SubwordModel, WordToken } from "./subword-model";
import { createUnigram } from "./unigram";
import { createWordPiece } from "./word-piece";
import { takeWordByWord } from "./word-starts";

/** Creates a subword model. Throws InputError if its type is unknown or its vocabulary is invalid. */
export function createModel(config: Config): SubwordModel {
  const type = config.string("type", guessType(config));
  switch (type) {
    case "BPE":
      return takeWordByWord(cached(createBpe(config)), config);
    case "WordPiece":
      return cached(createWordPiece(config));
    case "Unigram":
      return cached(createUnigram(config));
    default:
      throw new InputError(
        config.place,
        `the model type ${type || "(none)"} is not supported. Supported: BPE, WordPiece, Unigram`,
      );
  }
}

/** Infers the model type, which older files do not name. */
function guessType(config: Config): string {
  if (config.has("merges")) return "BPE";
  if (Array.isArray(config.values.vocab)) return "Unigram";
  return config.has("continuing_subword_prefix") ? "WordPiece" : "";
}

/** Caches the tokens of words. A full cache is cleared, which is cheap and needs no eviction order. */
function cached(model: SubwordModel): SubwordModel {
  const capacity = 1 << 15;
  const longest = 64;
  const words = new Map<string, readonly WordToken[]>();
  return {
    vocabulary: model.vocabulary,
    unknownToken: model.unknownToken,
    tokenize(word) {
      if (word.length > longest) return model.tokenize(word);
      const known = words.get(word);
      if (known) return known;
      const tokens = model.tokenize(word);
      if (words.size >= capacity) words.clear();
      words.set(copyOf(word), tokens);
      return tokens;
    },
  };
}

/** Copies a word, because a slice would keep the whole text it came from in memory. */
function copyOf(word: string): string {
  return Buffer.from(word, "utf16le").toString("utf16le");
}
