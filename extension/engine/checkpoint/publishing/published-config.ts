/** config.json of a reward model, made of its source's. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "lossless-json";
import { InputError, messageOf } from "../../errors";
import { isObject } from "../../json";
import type { Checkpoint } from "../reading/checkpoint";
import type { PublishedNames } from "./published-names";

type Values = Readonly<Record<string, unknown>>;

/** What OpenRLHF writes of its own class; the class that is written is that of transformers. */
const openRlhfKeys: readonly string[] = ["mean", "std", "normalize_reward", "value_head_prefix"];

export interface PublishedReward {
  readonly names: PublishedNames;
  /** `pad_token_id`; null: none. */
  readonly padId: number | null;
}

/**
 * The text of config.json. reward: undefined for a language model, whose class stays. All that is not ours keeps its
 * wording, as transformers refuses 30 where it wants 30.0.
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
  // The type as older transformers call it is left out, as those take float32 where none is named; auto_map names
  // code that is not copied.
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
