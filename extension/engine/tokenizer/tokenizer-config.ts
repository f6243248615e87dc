/** What a model folder says about its tokenizer beside tokenizer.json: special tokens and the chat template. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../errors";
import { Config } from "../model-folder/config";
import { exists } from "../model-folder/folder";

export interface SpecialToken {
  readonly id: number;
  readonly text: string;
}

export interface TokenizerConfig {
  readonly bosToken: SpecialToken | undefined;
  readonly eosToken: SpecialToken | undefined;
  readonly unknownToken: SpecialToken | undefined;
  readonly padToken: SpecialToken | undefined;
  /** The tokenizer itself ends every text with its end-of-sequence token. */
  readonly addsEos: boolean;
  readonly chatTemplate: string | undefined;
  /** bos_token, eos_token and their like, as chat templates see them. */
  readonly specialTokens: Readonly<Record<string, string>>;
}

/** The files as they are; each may be absent. */
export interface TokenizerFiles {
  readonly config: Config;
  readonly specialTokensMap: Config;
  readonly chatTemplate: string | undefined;
}

/** What tokenizer.json knows of its tokens. */
export interface KnownTokens {
  idOf(text: string): number | undefined;
  /** Of the model. */
  readonly unknownToken: string | undefined;
  /** Ids that the post-processor puts after a text. */
  readonly idsAfter: readonly number[];
}

const specialKeys = [
  "bos_token",
  "eos_token",
  "unk_token",
  "sep_token",
  "pad_token",
  "cls_token",
  "mask_token",
] as const;

/** Throws InputError where a file is there but cannot be read. */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const optional = async (name: string): Promise<Config> => {
    const path = join(folder, name);
    return (await exists(path)) ? Config.read(path) : new Config(name, {});
  };
  return {
    config: await optional("tokenizer_config.json"),
    specialTokensMap: await optional("special_tokens_map.json"),
    chatTemplate: await readTemplateFile(folder),
  };
}

async function readTemplateFile(folder: string): Promise<string | undefined> {
  const path = join(folder, "chat_template.jinja");
  if (!(await exists(path))) return undefined;
  return readFile(path, "utf8").catch((error: unknown) => {
    throw new InputError("chat_template.jinja", `cannot be read (${messageOf(error)})`);
  });
}

/**
 * add_bos_token and add_eos_token do not count: transformers (5.24, tokenization_utils_base.py, _from_pretrained) drops
 * them where there is a tokenizer.json, whose post-processor then decides alone.
 */
export function readTokenizerConfig(files: TokenizerFiles, known: KnownTokens): TokenizerConfig {
  const specialTokens: Record<string, string> = {};
  for (const key of specialKeys) {
    const text = tokenTextOf(files.config, key) ?? tokenTextOf(files.specialTokensMap, key);
    if (text !== undefined) specialTokens[key] = text;
  }
  // A token that the vocabulary lacks has no id, so there is no such token.
  const special = (text: string | undefined): SpecialToken | undefined => {
    const id = text === undefined ? undefined : known.idOf(text);
    return text === undefined || id === undefined ? undefined : { id, text };
  };
  const eosToken = special(specialTokens.eos_token);
  return {
    bosToken: special(specialTokens.bos_token),
    eosToken,
    unknownToken: special(specialTokens.unk_token) ?? special(known.unknownToken),
    padToken: special(specialTokens.pad_token),
    addsEos: eosToken !== undefined && known.idsAfter.includes(eosToken.id),
    chatTemplate: files.chatTemplate ?? configTemplate(files.config),
    specialTokens,
  };
}

/** A token is a string, or an object with its content. */
function tokenTextOf(config: Config, key: string): string | undefined {
  const value = config.values[key];
  if (value === undefined || value === null || value === false) return undefined;
  const text = typeof value === "string" ? value : config.section(key)?.string("content", "");
  return text === "" ? undefined : text;
}

/** chat_template: the template, or a list of named ones, of which the default counts. */
function configTemplate(config: Config): string | undefined {
  const value = config.values.chat_template;
  if (!Array.isArray(value))
    return config.has("chat_template") ? config.string("chat_template", "") : undefined;
  for (const entry of value) {
    const named = new Config(config.place, { chat_template: entry }).section("chat_template");
    if (named?.string("name", "") === "default") return named.string("template", "");
  }
  return undefined;
}
