/** Turns a completion into token ids, each with its place in the completion's text. */

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
  /** Which token the reward is read at. */
  readonly rewardToken: RewardTokenRule;
  /** Rows of the embedding: ids from here on have no vector. */
  readonly embeddingRows: number;
}

export interface EncodeOptions {
  /** Longest sequence in tokens, prompt included; what is over it is cut at the end. */
  readonly maxLength: number;
  /** Plain text is taken as a conversation: its prompt a user's turn, its completion the assistant's. */
  readonly chat: boolean;
}

/** A completion ready to be scored. Offsets are UTF-16 units of the completion's own text. */
export interface EncodedCompletion {
  /** Prompt and completion. */
  readonly ids: Int32Array;
  /** Index in ids of the first token of the completion; ids.length where truncation left none. */
  readonly firstToken: number;
  /**
   * Index in ids of the token whose hidden state gives the reward; in the prompt if the completion is all padding, or
   * cut off. -1 without ids.
   */
  readonly rewardToken: number;
  /** By token of the completion. Tokens that the template or the EOS rule added lie at its end, empty. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The completion's own text. */
  readonly text: string;
  readonly truncated: number;
  readonly warnings: readonly Warning[];
}

/** The completions of a row that are wanted, encoded; a BadRow where one cannot be. */
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

/** Throws InputError where a conversation meets a checkpoint without a chat template. */
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
  /** [length] With ids past the embedding's rows. */
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

  /** Of what is scored: a truncated sequence has lost its EOS too. */
  function warnings(): Warning[] {
    const found: Warning[] = [];
    if (truncated > 0) found.push({ kind: "truncated", tokens: truncated });
    if (contentEnd === contentStart) found.push({ kind: "empty-completion" });
    const added = kept.filter((id, t) => id === eosId && t >= firstToken && startAt(t) >= contentEnd);
    // An EOS that stands in the completion's own text closes it as well.
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

/** The prompt of such a row is rendered as a user's turn. */
function asConversation(row: Completion): Completion {
  const { completion } = row;
  return typeof completion === "string"
    ? { ...row, completion: [{ role: "assistant", content: completion }] }
    : row;
}

/** The first token that reaches past the prompt. Tokens without a text of their own count where they stand. */
function firstTokenOf(
  tokens: number,
  startAt: (token: number) => number,
  endAt: (token: number) => number,
  completionStart: number,
  textEnd: number,
): number {
  // Behind an empty completion stands what was appended; before another one, a space that its tokenizer trims.
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
