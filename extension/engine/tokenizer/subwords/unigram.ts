/** SentencePiece unigram, by the JavaScript library. Adjacent unknown characters are one token, as in the Rust library. */
import { Unigram } from "@huggingface/tokenizers";
import type { Config } from "../../model-folder/config";
import { byteName } from "../text/byte-level";
import type { SubwordModel, WordToken } from "./subword-model";

export function createUnigram(config: Config): SubwordModel {
  const pieces = readPieces(config);
  const vocabulary = new Map(pieces.map(([token], id) => [token, id]));
  const unknownId = config.optionalNumber("unk_id");
  const unknownToken = unknownId === undefined ? undefined : pieces[unknownId]?.[0];
  if (unknownId === undefined || unknownToken === undefined)
    throw config.fault("unk_id", "an id of the vocabulary");
  const model = new Unigram({ type: "Unigram", vocab: pieces, unk_id: unknownId }, "");
  const hasBytes = config.flag("byte_fallback", false);
  const utf8 = new TextEncoder();

  return { vocabulary, unknownToken, tokenize };

  function tokenize(word: string): readonly WordToken[] {
    const tokens: WordToken[] = [];
    let start = 0;
    let end = 0;
    let isUnknown = false;
    const flush = (): void => {
      if (isUnknown) for (const token of unknown(word, start, end)) tokens.push(token);
      isUnknown = false;
    };
    for (const piece of model.tokenize(word)) {
      const id = vocabulary.get(piece);
      if (id !== undefined) {
        flush();
        tokens.push({ id, start: end, end: end + piece.length });
      } else if (!isUnknown) {
        isUnknown = true;
        start = end;
      }
      end += piece.length;
    }
    flush();
    return tokens;
  }

  /** Returns byte tokens for units [start, end), each with the whole range, or unknown if a byte token is missing. */
  function unknown(word: string, start: number, end: number): WordToken[] {
    const bytes = hasBytes ? [...utf8.encode(word.slice(start, end))] : [];
    const ids = bytes.map((byte) => vocabulary.get(byteName(byte)) ?? -1);
    const isComplete = ids.length > 0 && ids.every((id) => id >= 0);
    return (isComplete ? ids : [unknownId ?? 0]).map((id) => ({ id, start, end }));
  }
}

/** Reads `vocab` as a list of [token, log probability]. */
function readPieces(config: Config): [string, number][] {
  const { vocab } = config.values;
  if (!Array.isArray(vocab)) throw config.fault("vocab", "a list of tokens with their scores");
  return vocab.map((entry: unknown) => {
    const [token, score] = Array.isArray(entry) ? entry : [];
    if (typeof token !== "string" || typeof score !== "number") {
      throw config.fault("vocab", "a list of tokens with their scores");
    }
    return [token, score];
  });
}
