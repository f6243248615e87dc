/**
 * SentencePiece models have no pre-tokenizer, so a text is one word. If no token of the vocabulary contains a
 * "▁" after another character, no merge crosses the start of a word. Each word can then be tokenized on its own, and
 * cached, with the same result.
 */
import type { Config } from "../../model-folder/config";
import type { SubwordModel, WordToken } from "./subword-model";

export function takeWordByWord(model: SubwordModel, config: Config): SubwordModel {
  const affixes = ["continuing_subword_prefix", "end_of_word_suffix"].some(
    (key) => config.string(key, "") !== "",
  );
  if (affixes || config.flag("ignore_merges", false) || !model.vocabulary.has("▁")) return model;
  for (const token of model.vocabulary.keys()) if (/[^▁]▁/.test(token)) return model;
  return {
    vocabulary: model.vocabulary,
    unknownToken: model.unknownToken,
    tokenize(text) {
      const tokens: WordToken[] = [];
      let at = 0;
      for (const word of text.match(/▁+[^▁]*|[^▁]+/g) ?? []) {
        for (const { id, start, end } of model.tokenize(word)) {
          tokens.push({ id, start: at + start, end: at + end });
        }
        at += word.length;
      }
      return tokens;
    },
  };
}
