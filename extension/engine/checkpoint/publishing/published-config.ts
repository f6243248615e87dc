/** config.json of a reward model, made of its source's. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "lossless-json";
import { InputError, messageOf } from "../../errors";
import { isObject } from "../../json";
import { exists } from "../../model-folder/folder";
import { Tokenizer } from "../../tokenizer/tokenizer";
import type { Checkpoint } from "../reading/checkpoint";
import type { PublishedNames } from "./published-names";

type Values = Readonly<Record<string, unknown>>;

/**
 * The text of config.json. names: of a reward model; undefined for a language model, whose class stays. All that is
 * not ours keeps its wording, as transformers refuses 30 where it wants 30.0.
 */
export async function publishedConfig(
  source: Checkpoint,
  names: PublishedNames | undefined,
  rewardInspector: Values = {},
): Promise<string> {
  const values = await readWording(source.baseFolder);
  // The type as older transformers call it is left out, as those take float32 where none is named; auto_map names
  // code that is not copied.
  const { torch_dtype: _, auto_map: __, reward_inspector: known, text_config: text, ...rest } = values;
  const own = { ...(isObject(known) ? known : {}), ...rewardInspector };
  const padding = names ? { pad_token_id: await padTokenId(source) } : {};
  const published = {
    ...rest,
    ...(isObject(text) ? { text_config: { ...text, ...padding, dtype: "float32" } } : {}),
    ...(names ? classifier(values, names.architecture) : {}),
    ...padding,
    dtype: "float32",
    ...(Object.keys(own).length > 0 ? { reward_inspector: own } : {}),
  };
  return `${stringify(published, undefined, 2)}\n`;
}

/** Numbers are kept as they are written. */
async function readWording(folder: string): Promise<Values> {
  const path = join(folder, "config.json");
  try {
    const values = parse(await readFile(path, "utf8"));
    if (isObject(values)) return values;
  } catch (error) {
    throw new InputError(path, `cannot be read (${messageOf(error)})`);
  }
  throw new InputError(path, "is not a JSON object");
}

function classifier({ id2label: labels }: Values, architecture: string): Values {
  const only = isObject(labels) && Object.keys(labels).length === 1 ? labels[0] : undefined;
  const label = typeof only === "string" ? only : "LABEL_0";
  return {
    architectures: [architecture],
    num_labels: 1,
    id2label: { 0: label },
    label2id: { [label]: 0 },
  };
}

/** The token by which transformers finds the end of a row; it must have an embedding. Null: none will do. */
async function padTokenId(source: Checkpoint): Promise<number | null> {
  const folder = await source.folderOf("tokenizer.json");
  const hasTokenizer = await exists(join(folder, "tokenizer.json"));
  const tokenizer = hasTokenizer ? (await Tokenizer.load(folder)).config : undefined;
  const text = source.config.section("text_config") ?? source.config;
  const rows = text.optionalSize("vocab_size") ?? Number.POSITIVE_INFINITY;
  const candidates: readonly unknown[] = [
    tokenizer?.padToken?.id,
    text.values.pad_token_id,
    tokenizer?.eosToken?.id,
    ...[text.values.eos_token_id].flat(),
  ];
  const isRow = (id: unknown): id is number => typeof id === "number" && id >= 0 && id < rows;
  return candidates.find(isRow) ?? null;
}
