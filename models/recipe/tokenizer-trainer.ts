/** Trains a byte-level BPE tokenizer; the result is the same as that of the BpeTrainer in Hugging Face tokenizers. */
import { InputError } from "../../extension/engine/errors";
import { AlignedText } from "../../extension/engine/tokenizer/text/aligned-text";
import { byteCharacters } from "../../extension/engine/tokenizer/text/byte-level";
import { createPreTokenizer } from "../../extension/engine/tokenizer/text/pre-tokenizer";
import { leftOf, PairQueue, rightOf } from "./pair-queue";
import { preTokenizerConfig, type TrainedTokenizer } from "./tokenizer-files";

export interface TokenizerTraining {
  /** Maximum number of tokens: special tokens, the 256 bytes, and one per merge. */
  readonly vocabularySize: number;
  /** These take the first ids, in this order. If the texts contain them, they are treated as plain text. */
  readonly specialTokens: readonly string[];
  /** Minimum count of a pair to be merged; 2 by default. */
  readonly minimumFrequency?: number;
}

/**
 * Byte-pair encoding (arXiv 1508.07909): the most frequent pair of neighbors within a word becomes a token, until the
 * vocabulary is full or every pair is too rare. Of equally frequent pairs, the one with the lowest ids is merged first.
 * The words are those of the pre-tokenizer that `writeTokenizer` writes. Ids are assigned to special tokens, then bytes,
 * then merges. Lone surrogates are read as U+FFFD.
 * @throws InputError if the vocabulary is too small for the bytes and special tokens
 * https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/models/bpe/trainer.rs
 */
export function trainTokenizer(
  texts: Iterable<string>,
  { vocabularySize, specialTokens, minimumFrequency = 2 }: TokenizerTraining,
): TrainedTokenizer {
  // Sorted by code unit, as in the Rust library.
  const tokens = [...new Set([...specialTokens, ...[...byteCharacters].sort()])];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  if (!(vocabularySize >= tokens.length)) {
    const problem = `is ${vocabularySize}, but bytes and special tokens alone are ${tokens.length}; set it to at least ${tokens.length}`;
    throw new InputError("vocabulary size", problem);
  }

  const pairs = new PairQueue(idWords(countWords(texts), ids));
  const merges: [left: string, right: string][] = [];
  while (tokens.length < vocabularySize) {
    const pair = pairs.takeMostFrequent(minimumFrequency);
    if (!pair) break;
    const [left, right] = [tokens[leftOf(pair.key)] ?? "", tokens[rightOf(pair.key)] ?? ""];
    merges.push([left, right]);
    // Two merges never produce the same token, but a merge may produce the text of a special token.
    const id = ids.get(left + right) ?? tokens.push(left + right) - 1;
    ids.set(left + right, id);
    pairs.merge(pair, id);
  }
  return { vocabulary: Object.fromEntries(ids), merges };
}

/** Counts each word, written in the byte alphabet. */
function countWords(texts: Iterable<string>): Map<string, number> {
  const preTokenize = createPreTokenizer(preTokenizerConfig());
  const counts = new Map<string, number>();
  for (const text of texts) {
    const source = AlignedText.fromSource(text.toWellFormed(), 0, text.length);
    const pieces = preTokenize({ text: source, bounds: [0, text.length] });
    for (let i = 0; i < pieces.bounds.length; i += 2) {
      const word = pieces.text.text.slice(pieces.bounds[i], pieces.bounds[i + 1]);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

function* idWords(counts: ReadonlyMap<string, number>, ids: ReadonlyMap<string, number>) {
  for (const [word, count] of counts) yield { ids: Array.from(word, (byte) => ids.get(byte) ?? 0), count };
}
