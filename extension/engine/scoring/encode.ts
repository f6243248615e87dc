/** Encodes a completion as token ids, each with its range in the completion's text. */

import type { Warning } from "../../protocol/scores";
import { type RewardTokenRule, rewardToken } from "../checkpoint/heads/reward-token";
import type { ChatTemplate } from "../data/chat/chat-template";
import { renderCompletion } from "../data/chat/render";
import type { BadRow, Completion, DatasetRow } from "../data/rows/row";
import { InputError } from "../errors";
import type { Tokenizer } from "../tokenizer/tokenizer";
import type { EosRule } from "./eos";

export interface Encoder {
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate | undefined;
  readonly eos: EosRule;
  /** The rule that selects the token at which the reward is read. */
  readonly rewardToken: RewardTokenRule;
  /** Number of rows of the embedding; ids from this number up have no vector. */
  readonly embeddingRows: number;
}

export interface EncodeOptions {
  /** Maximum sequence length in tokens, prompt included; longer sequences are truncated at the end. */
  readonly maxLength: number;
  /** Treats plain text as a conversation: the prompt is the user's turn, and the completion is the assistant's. */
  readonly chat: boolean;
}

/** A completion ready for scoring. Offsets are in UTF-16 units of the completion's own text. */
export interface EncodedCompletion {
  /** Token ids of the prompt and the completion. */
  readonly ids: Int32Array;
  /** Index in ids of the completion's first token; ids.length if truncation removed the whole completion. */
  readonly firstToken: number;
  /**
   * Index in ids of the token whose hidden state gives the reward. It is in the prompt if the completion consists of
   * padding or was truncated completely, and -1 if ids is empty.
   */
  readonly rewardToken: number;
  /** Ranges by token of the completion. Tokens added by the template or the EOS rule have an empty range at its end. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The completion's own text. */
  readonly text: string;
  /** Number of tokens removed by truncation. */
  readonly truncated: number;
  readonly warnings: readonly Warning[];
}

/** Encodes the wanted completions of a row. Returns a BadRow if one of them cannot be encoded. */
export function encodeRow(
  encoder: Encoder,
  { row, place, completions }: DatasetRow,
  options: EncodeOptions,
  isWanted: (completion: Completion) => boolean = () => true,
): { readonly completions: readonly EncodedCompletion[] } | BadRow {
  try {
    const encoded = completions
      .filter(isWanted)
      .map((completion) => encodeCompletion(encoder, completion, options));
    return encoded.some(({ ids }) => ids.length === 0)
      ? { row, place, problem: "its prompt and completion are both empty" }
      : { completions: encoded };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { row, place, problem: error.message };
  }
}

/** Encodes a completion. Throws InputError if it is a conversation and the checkpoint has no chat template. */
export function encodeCompletion(
  encoder: Encoder,
  completion: Completion,
  { maxLength, chat }: EncodeOptions,
): EncodedCompletion {
  const { tokenizer, eos, embeddingRows } = encoder;
  const rendered = renderCompletion(chat ? asConversation(completion) : completion, encoder.template);
  const { text, completionStart, contentStart, contentEnd, fromTemplate } = rendered;
  // A template writes its own special tokens, the beginning-of-sequence token among them.
  const encoding = tokenizer.encode(text, { addSpecialTokens: !fromTemplate });
  const { ids, starts, ends } = encoding;
  const eosId = tokenizer.config.eosToken?.id;
  const appends = eos.append === "always" || (eos.append === "plain-text" && !fromTemplate);
  const appended = appends && eosId !== undefined && ids.at(-1) !== eosId ? eosId : undefined;
  const total = ids.length + (appended === undefined ? 0 : 1);
  const length = Math.min(total, maxLength);
  const truncated = total - length;
  const startAt = (t: number): number => starts[t] ?? text.length;
  const endAt = (t: number): number => ends[t] ?? text.length;
  const firstToken = Math.min(firstTokenOf(total, startAt, endAt, completionStart, text.length), length);
  // [length], ids without a row in the embedding included.
  const kept = Int32Array.from({ length }, (_, t) => ids[t] ?? appended ?? 0);
  const readAt = rewardToken(kept, encoder.rewardToken);
  const place = (offset: number): number =>
    Math.min(Math.max(offset, contentStart), contentEnd) - contentStart;
  return {
    ids: kept.map((id) => (id < embeddingRows ? id : 0)),
    firstToken,
    rewardToken: readAt,
    starts: Int32Array.from({ length: length - firstToken }, (_, t) => place(startAt(firstToken + t))),
    ends: Int32Array.from({ length: length - firstToken }, (_, t) => place(endAt(firstToken + t))),
    text: text.slice(contentStart, contentEnd),
    truncated,
    warnings: warnings(),
  };

  /** Returns warnings about the truncated sequence, which may lack its EOS. */
  function warnings(): Warning[] {
    const found: Warning[] = [];
    if (truncated > 0) found.push({ kind: "truncated", tokens: truncated });
    if (contentEnd === contentStart) found.push({ kind: "empty-completion" });
    const added = kept.filter((id, t) => id === eosId && t >= firstToken && startAt(t) >= contentEnd);
    // An EOS in the completion's own text closes it as well.
    const closing = Math.max(added.length, trailing(kept, eosId));
    // Padding is not read, so an EOS that is the padding token may be missing or doubled.
    const { kind, padId } = encoder.rewardToken;
    const isRead = kind === "last" || padId !== eosId;
    const isExpected = eosId !== undefined && eos.append !== "never";
    if (isExpected && isRead && closing === 0) found.push({ kind: "eos-missing" });
    if (isRead && closing > 1) found.push({ kind: "eos-doubled", count: closing });
    if (firstToken < length && readAt < firstToken) found.push({ kind: "only-padding" });
    const unknown = tokenizer.config.unknownToken?.id;
    const outside = kept.filter((id, t) => t >= firstToken && (id === unknown || id >= embeddingRows)).length;
    if (outside > 0) found.push({ kind: "outside-vocabulary", tokens: outside });
    return found;
  }
}

/** Turns a text completion into an assistant's turn; a text prompt is then rendered as a user's turn. */
function asConversation(row: Completion): Completion {
  const { completion } = row;
  return typeof completion === "string"
    ? { ...row, completion: [{ role: "assistant", content: completion }] }
    : row;
}

/** Returns the first token that extends beyond the prompt. A token with an empty range is placed by its position. */
function firstTokenOf(
  tokens: number,
  startAt: (token: number) => number,
  endAt: (token: number) => number,
  completionStart: number,
  textEnd: number,
): number {
  // An empty range at the start of the completion is an appended token if the completion is empty, and otherwise a
  // space that the tokenizer trims.
  const emptyIsPrompt = completionStart < textEnd ? completionStart : completionStart - 1;
  let first = tokens;
  while (first > 0) {
    const [start, end] = [startAt(first - 1), endAt(first - 1)];
    const isPrompt = end > start ? end <= completionStart : start <= emptyIsPrompt;
    if (isPrompt) break;
    first--;
  }
  return first;
}

function trailing(ids: Int32Array, id: number | undefined): number {
  let count = 0;
  while (count < ids.length && ids[ids.length - 1 - count] === id) count++;
  return count;
}
