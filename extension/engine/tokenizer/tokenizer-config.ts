/** Reads the special tokens and the chat template, which are stored next to tokenizer.json. */
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
  /** The tokenizer itself appends the end-of-sequence token to every text. */
  readonly addsEos: boolean;
  readonly chatTemplate: string | undefined;
  /** Token texts by key (bos_token, eos_token, …), as chat templates see them. */
  readonly specialTokens: Readonly<Record<string, string>>;
}

/** The contents of the tokenizer's files. A missing file reads as an empty object or undefined. */
export interface TokenizerFiles {
  readonly config: Config;
  readonly specialTokensMap: Config;
  readonly chatTemplate: string | undefined;
}

/** Token data from tokenizer.json. */
export interface KnownTokens {
  idOf(text: string): number | undefined;
  /** Unknown token of the subword model. */
  readonly unknownToken: string | undefined;
  /** Ids that the post-processor adds after a text. */
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

/** Reads the optional tokenizer files of a folder. Throws InputError if a file exists but cannot be read. */
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
 * Resolves the special tokens and the chat template. add_bos_token and add_eos_token are ignored, because transformers
 * (5.24, tokenization_utils_base.py, _from_pretrained) drops them if there is a tokenizer.json; only its post-processor
 * counts.
 */
export function readTokenizerConfig(files: TokenizerFiles, known: KnownTokens): TokenizerConfig {
  const specialTokens: Record<string, string> = {};
  for (const key of specialKeys) {
    const text = tokenTextOf(files.config, key) ?? tokenTextOf(files.specialTokensMap, key);
    if (text !== undefined) specialTokens[key] = text;
  }
  // A token that is missing from the vocabulary has no id, so it is treated as undefined.
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

/** Reads a token, which is a string or an object with `content`. */
function tokenTextOf(config: Config, key: string): string | undefined {
  const value = config.values[key];
  if (value === undefined || value === null || value === false) return undefined;
  const text = typeof value === "string" ? value : config.section(key)?.string("content", "");
  return text === "" ? undefined : text;
}

/** Reads chat_template, which is a template or a list of named templates; the one named "default" is used. */
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
