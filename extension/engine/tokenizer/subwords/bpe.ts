/**
 * Byte-pair encoding on ids. The JavaScript library's version works on strings, takes 5 s for a line of 1 MB, and does
 * not report which characters an unknown token or a byte token represents. Offsets need both.
 */
import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";
import { byteName } from "../text/byte-level";
import { type Merges, mergeSymbols } from "./merge";
import type { SubwordModel, WordToken } from "./subword-model";
import { readVocabulary } from "./vocabulary";

export function createBpe(config: Config): SubwordModel {
  const vocabulary = readVocabulary(config);
  const unknownToken = config.string("unk_token", "") || undefined;
  const unknownId = unknownToken === undefined ? undefined : vocabulary.get(unknownToken);
  const fusesUnknown = config.flag("fuse_unk", false);
  const ignoresMerges = config.flag("ignore_merges", false);
  const prefix = config.string("continuing_subword_prefix", "");
  const suffix = config.string("end_of_word_suffix", "");
  const byteIds = config.flag("byte_fallback", false) ? readByteIds(vocabulary) : undefined;
  const merges = readMerges(config, vocabulary, prefix);
  const utf8 = new TextEncoder();

  return { vocabulary, unknownToken, tokenize };

  function tokenize(word: string): readonly WordToken[] {
    const whole = ignoresMerges ? vocabulary.get(word) : undefined;
    if (whole !== undefined) return [{ id: whole, start: 0, end: word.length }];
    return mergeSymbols(symbolsOf(word), merges);
  }

  /** Returns one symbol per character. A character outside the vocabulary becomes its bytes or the unknown token. */
  function symbolsOf(word: string): WordToken[] {
    const symbols: WordToken[] = [];
    let unknownSince: number | undefined;
    for (let start = 0, end = 0; start < word.length; start = end) {
      end = start + ((word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
      const char = word.slice(start, end);
      const symbol = (start > 0 ? prefix : "") + char + (end === word.length ? suffix : "");
      const id = vocabulary.get(symbol);
      if (id !== undefined) {
        symbols.push({ id, start, end });
      } else if (byteIds) {
        for (const byte of utf8.encode(symbol)) symbols.push({ id: byteIds[byte] ?? 0, start, end });
      } else if (unknownId !== undefined) {
        const isFused = fusesUnknown && unknownSince !== undefined;
        const from = isFused ? (unknownSince ?? start) : start;
        if (isFused) symbols.pop();
        symbols.push({ id: unknownId, start: from, end });
        unknownSince = from;
        continue;
      }
      unknownSince = undefined;
    }
    return symbols;
  }
}

/** Returns token ids by byte, or undefined if the vocabulary lacks a byte; then characters become unknown tokens. */
function readByteIds(vocabulary: ReadonlyMap<string, number>): readonly number[] | undefined {
  const ids = Array.from({ length: 256 }, (_, byte) => vocabulary.get(byteName(byte)));
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

/** Reads `merges`: pairs, or strings of two tokens separated by a space, in order of priority. */
function readMerges(config: Config, vocabulary: ReadonlyMap<string, number>, prefix: string): Merges {
  const list = config.values.merges;
  if (!Array.isArray(list)) throw config.fault("merges", "a list");
  const byLeft = new Map<number, Map<number, number>>();
  const results = new Int32Array(list.length);
  list.forEach((entry: unknown, rank) => {
    const [left, right, ...more]: unknown[] = typeof entry === "string" ? entry.split(" ") : pairOf(entry);
    const ids =
      typeof left === "string" && typeof right === "string" && more.length === 0
        ? [vocabulary.get(left), vocabulary.get(right), vocabulary.get(left + right.slice(prefix.length))]
        : [];
    const [leftId, rightId, result] = ids;
    if (leftId === undefined || rightId === undefined || result === undefined) {
      throw new InputError(
        config.place,
        `merge ${rank} (${JSON.stringify(entry)}) does not join two tokens of the vocabulary into a third`,
      );
    }
    const rights = byLeft.get(leftId) ?? new Map<number, number>();
    byLeft.set(leftId, rights.set(rightId, rank));
    results[rank] = result;
  });
  return { rank: (left, right) => byLeft.get(left)?.get(right), result: (rank) => results[rank] ?? 0 };
}

function pairOf(entry: unknown): unknown[] {
  return Array.isArray(entry) ? entry : [];
}
