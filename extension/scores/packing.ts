/** Copies outcomes to memory of their own. Arrays from another process are views of the whole message. */
import { LRUCache } from "lru-cache";
import type { AnsweredRow, ScoredCompletion, TokenScores } from "../protocol/scores";
import { sharedTexts } from "./outcome";

type OwnTexts = TokenScores["ownTexts"];

export class Packing {
  /** Own texts by their JSON. Most completions of a model have the same one: an end-of-sequence token. */
  readonly #ownTexts = new LRUCache<string, OwnTexts>({ max: 200 });

  // Properties are listed here, because spreading a deserialized object takes twice the memory.
  row({ row, place, texts, scores }: AnsweredRow): AnsweredRow {
    return { row, place, texts: [...texts], scores: scores.map((score) => this.#completion(score)) };
  }

  #completion({
    row,
    role,
    reward,
    rewardToken,
    q,
    tokens,
    truncated,
    warnings,
    tokenScores,
  }: ScoredCompletion): ScoredCompletion {
    const rest = { row, role, reward, rewardToken, q, tokens, truncated, warnings };
    if (!tokenScores) return rest;
    const own = this.#tokens(tokenScores);
    return { ...rest, tokenScores: own };
  }

  #tokens({ ids, starts, ends, partialRewards, q, ownTexts }: TokenScores): TokenScores {
    const columns = [ids, starts, ends, ...(partialRewards ? [partialRewards] : []), ...Object.values(q)];
    const buffer = new ArrayBuffer(columns.reduce((bytes, { byteLength }) => bytes + byteLength, 0));
    let at = 0;
    const int32 = (column: Int32Array): Int32Array => {
      const copy = new Int32Array(buffer, at, column.length);
      copy.set(column);
      at += column.byteLength;
      return copy;
    };
    const float32 = (column: Float32Array): Float32Array => {
      const copy = new Float32Array(buffer, at, column.length);
      copy.set(column);
      at += column.byteLength;
      return copy;
    };
    const own = {
      ids: int32(ids),
      starts: int32(starts),
      ends: int32(ends),
      q: Object.fromEntries(Object.entries(q).map(([goal, column]) => [goal, float32(column)])),
      ownTexts: this.#shared(ownTexts),
    };
    if (!partialRewards) return own;
    return {
      ids: own.ids,
      starts: own.starts,
      ends: own.ends,
      partialRewards: float32(partialRewards),
      q: own.q,
      ownTexts: own.ownTexts,
    };
  }

  #shared(ownTexts: OwnTexts): OwnTexts {
    if (Object.keys(ownTexts).length > sharedTexts) return ownTexts;
    const key = JSON.stringify(ownTexts);
    const known = this.#ownTexts.get(key) ?? ownTexts;
    this.#ownTexts.set(key, known);
    return known;
  }
}
