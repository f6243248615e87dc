/** WordPiece, by the JavaScript library. Its tokens cover the word in order, so their lengths give the offsets. */
import { WordPiece } from "@huggingface/tokenizers";
import type { Config } from "../../model-folder/config";
import type { SubwordModel, WordToken } from "./subword-model";
import { readVocabulary } from "./vocabulary";

export function createWordPiece(config: Config): SubwordModel {
  const vocabulary = readVocabulary(config);
  const unknownToken = config.string("unk_token", "[UNK]");
  const unknownId = vocabulary.get(unknownToken);
  if (unknownId === undefined) throw config.fault("unk_token", "a token of the vocabulary");
  const prefix = config.string("continuing_subword_prefix", "##");
  const model = new WordPiece({
    type: "WordPiece",
    vocab: Object.fromEntries(vocabulary),
    unk_token: unknownToken,
    continuing_subword_prefix: prefix,
    max_input_chars_per_word: config.number("max_input_chars_per_word", 100),
  });
  return {
    vocabulary,
    unknownToken,
    tokenize(word) {
      const found = model.encode([word]);
      // WordPiece maps the whole word to the unknown token if any part of it is unknown.
      if (found.length === 1)
        return [{ id: vocabulary.get(found[0] ?? "") ?? unknownId, start: 0, end: word.length }];
      let start = 0;
      return found.map((token, i): WordToken => {
        const end = start + token.length - (i > 0 ? prefix.length : 0);
        const placed = { id: vocabulary.get(token) ?? unknownId, start, end };
        start = end;
        return placed;
      });
    },
  };
}
