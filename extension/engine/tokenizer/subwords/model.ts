/** The subword models of tokenizer.json. https://huggingface.co/docs/tokenizers/api/models */
import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";
import { createBpe } from "./bpe";
import type { SubwordModel, WordToken } from "./subword-model";
import { createUnigram } from "./unigram";
import { createWordPiece } from "./word-piece";
import { takeWordByWord } from "./word-starts";

/** Throws InputError where the type is unknown or the vocabulary is not sound. */
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
        `the model type ${type || "(none)"} is not supported; BPE, WordPiece and Unigram are`,
      );
  }
}

/** Older files do not name the type. */
function guessType(config: Config): string {
  if (config.has("merges")) return "BPE";
  if (Array.isArray(config.values.vocab)) return "Unigram";
  return config.has("continuing_subword_prefix") ? "WordPiece" : "";
}

/** Words come again and again. A full cache starts anew, which costs little and keeps no order. */
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

/** A slice keeps the whole text alive that it was cut from; a copy does not. */
function copyOf(word: string): string {
  return Buffer.from(word, "utf16le").toString("utf16le");
}
