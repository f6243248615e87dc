/** The padding token of a model that is written: what makes other tools read rewards where they were trained. */

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
  /** `pad_token_id` of config.json; null: none. */
  readonly id: number | null;
  /** `pad_token` of the tokenizer, which TRL goes by; undefined: the tokenizer stays as it is. */
  readonly token: string | undefined;
}

/**
 * transformers and TRL read the reward at the last token that is not `pad_token_id`, vLLM at the last token. They agree
 * if padding never ends a text, so a token other than the end-of-sequence token is taken: the tokenizer's padding token,
 * config.json's, a special token named for padding, or the unknown token. A tokenizer without any of them pads with the
 * end-of-sequence token, as TRL does, and the reward is then read and trained before it.
 *
 * A head that the source has keeps the token that it was trained at. keepsHead: the source's head is trained further.
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

/** The padding token of an adapter, whose base has the config.json that decides. */
export async function adapterPadding(source: Checkpoint): Promise<PublishedPadding> {
  const padId = paddingId(source.config);
  if (padId !== undefined) return withToken(padId, await tokenizerOf(source));
  return { ...(await publishedPadding(source, true)), id: null };
}

/**
 * Where the rewards of a model that will be written are to be read, so that they are trained there. head: the source's,
 * else undefined; newHead: the name of one that is made. isAdapter: the base's config.json stays as it is.
 */
export async function publishedRule(
  source: Checkpoint,
  head: RewardHead | undefined,
  newHead: string,
  isAdapter: boolean,
): Promise<RewardTokenRule> {
  // A plain value head is written as `score`.
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

/** The tokenizer's files with the padding token in them. */
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
