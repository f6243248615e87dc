/** Derives the config.json of a trained model from its source's. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "lossless-json";
import { InputError, messageOf } from "../../errors";
import { isObject } from "../../json";
import type { Checkpoint } from "../reading/checkpoint";
import type { PublishedNames } from "./published-names";

type Values = Readonly<Record<string, unknown>>;

/** Keys for OpenRLHF's own class, which are dropped because the written class is one of transformers. */
const openRlhfKeys: readonly string[] = ["mean", "std", "normalize_reward", "value_head_prefix"];

export interface PublishedReward {
  readonly names: PublishedNames;
  /** `pad_token_id`, or null for none. */
  readonly padId: number | null;
}

/**
 * Returns the text of config.json. Without `reward`, the model stays a language model of the same class. All other
 * values are kept as written, because transformers rejects 30 for 30.0.
 */
export async function publishedConfig(
  source: Checkpoint,
  reward: PublishedReward | undefined,
  rewardInspector: Values = {},
): Promise<string> {
  const read = await readWording(source.baseFolder);
  const values = reward
    ? Object.fromEntries(Object.entries(read).filter(([key]) => !openRlhfKeys.includes(key)))
    : read;
  // torch_dtype is dropped: older versions of transformers read only this key, and default to float32 without it.
  // auto_map is dropped because it names code that is not copied.
  const { torch_dtype: _, auto_map: __, reward_inspector: known, text_config: text, ...rest } = values;
  const own = { ...(isObject(known) ? known : {}), ...rewardInspector };
  const padding = reward ? { pad_token_id: reward.padId } : {};
  const published = {
    ...rest,
    ...(isObject(text) ? { text_config: { ...text, ...padding, dtype: "float32" } } : {}),
    ...(reward ? classifier(values, reward.names.architecture) : {}),
    ...padding,
    dtype: "float32",
    ...(Object.keys(own).length > 0 ? { reward_inspector: own } : {}),
  };
  return `${stringify(published, undefined, 2)}\n`;
}

/** Reads config.json and keeps numbers as they are written. */
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
