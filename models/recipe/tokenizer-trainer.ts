/** Trains a byte-level BPE tokenizer, with the result of the Rust library's BpeTrainer on the same texts. */

import { InputError } from "../../extension/engine/errors";
import { AlignedText } from "../../extension/engine/tokenizer/text/aligned-text";
import { byteCharacters } from "../../extension/engine/tokenizer/text/byte-level";
import { createPreTokenizer } from "../../extension/engine/tokenizer/text/pre-tokenizer";
import { leftOf, PairQueue, rightOf } from "./pair-queue";
import { preTokenizerConfig, type TrainedTokenizer } from "./tokenizer-files";

export interface TokenizerTraining {
  /** Tokens in all: special ones, the 256 bytes, and one for every merge; fewer where the texts give no more. */
  readonly vocabularySize: number;
  /** They take the ids from 0 on, in this order. In the texts they are text like any other. */
  readonly specialTokens: readonly string[];
  /** How often a pair must occur to be merged; 2 where not given. */
  readonly minimumFrequency?: number;
}

/**
 * Byte-pair encoding (arXiv 1508.07909): the most frequent pair of neighbors within a word becomes a token, until the
 * vocabulary is full or every pair is too rare. Of pairs as frequent, the one of lower ids comes first. Words are those
 * of the pre-tokenizer that `writeTokenizer` writes. Special tokens, then bytes, then merges take their ids in order.
 * Lone surrogates are read as U+FFFD. Throws InputError where the vocabulary has no room for bytes and special tokens.
 * https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/models/bpe/trainer.rs
 */
export function trainTokenizer(
  texts: Iterable<string>,
  { vocabularySize, specialTokens, minimumFrequency = 2 }: TokenizerTraining,
): TrainedTokenizer {
  // By code unit, as the Rust library sorts its alphabet.
  const tokens = [...new Set([...specialTokens, ...[...byteCharacters].sort()])];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  if (!(vocabularySize >= tokens.length)) {
    const problem = `is ${vocabularySize}, but bytes and special tokens alone are ${tokens.length}; give at least that`;
    throw new InputError("vocabulary size", problem);
  }

  const pairs = new PairQueue(idWords(countWords(texts), ids));
  const merges: [left: string, right: string][] = [];
  while (tokens.length < vocabularySize) {
    const pair = pairs.takeMostFrequent(minimumFrequency);
    if (!pair) break;
    const [left, right] = [tokens[leftOf(pair.key)] ?? "", tokens[rightOf(pair.key)] ?? ""];
    merges.push([left, right]);
    // Two merges never make the same token, but a special token may read as one does.
    const id = ids.get(left + right) ?? tokens.push(left + right) - 1;
    ids.set(left + right, id);
    pairs.merge(pair, id);
  }
  return { vocabulary: Object.fromEntries(ids), merges };
}

/** How often each word, in the byte alphabet, occurs. */
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
