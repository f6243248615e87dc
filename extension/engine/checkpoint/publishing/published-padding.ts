/** Chooses the padding token of a written model, so that other tools read rewards at the token used in training. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "lossless-json";
import { InputError, messageOf } from "../../errors";
import { exists } from "../../model-folder/folder";
import { Tokenizer } from "../../tokenizer/tokenizer";
import { type RewardHead, rewardHeadOf } from "../heads/reward-head";
import { paddingId, type RewardTokenRule, rewardTokenRule, ruleOf } from "../heads/reward-token";
import type { Checkpoint } from "../reading/checkpoint";
import { type FolderFile, textFile, tokenizerFiles } from "./folder-writer";

export interface PublishedPadding {
  /** `pad_token_id` of config.json, or null for none. */
  readonly id: number | null;
  /** `pad_token` of the tokenizer, which TRL uses, or undefined to keep the tokenizer unchanged. */
  readonly token: string | undefined;
}

/**
 * Chooses the padding token. transformers and TRL read the reward at the last token that is not `pad_token_id`, vLLM at
 * the last token. They agree if no text ends with padding, so this function prefers a token other than the
 * end-of-sequence token: the tokenizer's padding token, config.json's, a special token named for padding, or the
 * unknown token. Without any of them, a new head uses the end-of-sequence token, as TRL does; its reward is then
 * trained and read before that token.
 *
 * If `keepsHead` is true, the source's head is kept, and its reward is read at the token it was trained at.
 */
export async function publishedPadding(source: Checkpoint, keepsHead: boolean): Promise<PublishedPadding> {
  const tokenizer = await tokenizerOf(source);
  const text = source.config.section("text_config") ?? source.config;
  const rows = text.optionalSize("vocab_size") ?? Number.POSITIVE_INFINITY;
  const isRow = (id: unknown): id is number => typeof id === "number" && id >= 0 && id < rows;
  const padId = paddingId(source.config);
  const ends: readonly unknown[] = [tokenizer?.config.eosToken?.id, ...[text.values.eos_token_id].flat()];
  const pads = [
    tokenizer?.config.padToken?.id,
    padId,
    tokenizer?.specialTokens.find(({ text: name }) => /pad/i.test(name))?.id,
    tokenizer?.config.unknownToken?.id,
  ];
  const distinct = pads.find((id) => isRow(id) && !ends.includes(id));
  const isTrainedBefore = keepsHead && isRow(padId) && sourceRule(source).kind === "last-not-padding";
  const id = isTrainedBefore ? padId : (distinct ?? (keepsHead ? undefined : ends.find(isRow)));
  return withToken(id ?? null, tokenizer);
}

/** Chooses the padding token of an adapter, for which the base's config.json takes precedence. */
export async function adapterPadding(source: Checkpoint): Promise<PublishedPadding> {
  const padId = paddingId(source.config);
  if (padId !== undefined) return withToken(padId, await tokenizerOf(source));
  return { ...(await publishedPadding(source, true)), id: null };
}

/**
 * Returns the rule by which rewards of a written model will be read, so that training uses the same token. `head` is
 * the source's head, if any; `newHead` is the name of the head to create otherwise. If `isAdapter` is true, the base's
 * config.json does not change.
 */
export async function publishedRule(
  source: Checkpoint,
  head: RewardHead | undefined,
  newHead: string,
  isAdapter: boolean,
): Promise<RewardTokenRule> {
  // A linear value head without a bias is written as `score`.
  const isPlain = head?.name === "value_head.weight" && head.layers[0]?.bias === undefined;
  const padId = isAdapter
    ? paddingId(source.config)
    : ((await publishedPadding(source, head !== undefined)).id ?? undefined);
  return ruleOf({
    architecture: undefined,
    isOpenRlhf: false,
    padId,
    head: isPlain ? "score.weight" : (head?.name ?? newHead),
  });
}

/** Returns the tokenizer's files with the padding token set. */
export async function paddedTokenizerFiles(
  source: Checkpoint,
  { token }: PublishedPadding,
): Promise<FolderFile[]> {
  const files = await tokenizerFiles(source);
  if (token === undefined) return files;
  const folder = await source.folderOf("tokenizer.json");
  return Promise.all(
    files.map(async (file) => {
      const isMap = file.name === "special_tokens_map.json";
      if (!isMap && file.name !== "tokenizer_config.json") return file;
      const values = await readValues(join(folder, file.name));
      if (isMap && !("pad_token" in values)) return file;
      return textFile(file.name, `${stringify({ ...values, pad_token: token }, undefined, 2)}\n`);
    }),
  );
}

function sourceRule(source: Checkpoint): RewardTokenRule {
  const width = (source.config.section("text_config") ?? source.config).optionalSize("hidden_size", "n_embd");
  return rewardTokenRule(source, width === undefined ? undefined : rewardHeadOf(source, width));
}

async function tokenizerOf(source: Checkpoint): Promise<Tokenizer | undefined> {
  const folder = await source.folderOf("tokenizer.json");
  return (await exists(join(folder, "tokenizer.json"))) ? Tokenizer.load(folder) : undefined;
}

function withToken(id: number | null, tokenizer: Tokenizer | undefined): PublishedPadding {
  const isKnown = id === null || id < 0 || tokenizer?.config.padToken?.id === id;
  return { id, token: isKnown ? undefined : tokenizer?.tokenOf(id) };
}

async function readValues(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const values = parse(await readFile(path, "utf8"));
    if (typeof values === "object" && values !== null) return values as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new InputError(path, `cannot be read (${messageOf(error)})`);
  }
  throw new InputError(path, "is not a JSON object");
}
