/** Names under which transformers looks for a reward model: its class, and its tensors. transformers 5.24. */
import { InputError } from "../../errors";

export interface PublishedNames {
  /** The class, as `LlamaForSequenceClassification`. */
  readonly architecture: string;
  /** Linear layers keep their weight as [in,out] (GPT-2's Conv1D). */
  readonly isTransposed: boolean;
  /** The name of a tensor, or of a layer, by its name in the source's files. */
  of(name: string): string;
}

/** How transformers names a reward model of one model type; the families of architecture/ have one for each. */
export interface PublishedClass {
  /** As `LlamaForSequenceClassification`. */
  readonly architecture: string;
  /** What comes before the decoder's own names. */
  readonly prefix: string;
  /** A tensor that every decoder of the family has, by which the prefix in the source's files is found. */
  readonly landmark: string;
  /** Linear layers keep their weight as [in,out] (GPT-2's Conv1D). */
  readonly isTransposed?: boolean;
}

export function isRewardHead(name: string): boolean {
  return /^(score|value_head|v_head)\./.test(name);
}

/** The matrix that gives the next token's logits. */
export function isLmHead(name: string): boolean {
  return /(^|\.)(lm_head|embed_out)\.(weight|bias)$/.test(name);
}

/**
 * Names for a checkpoint with the tensors `names`. A bare decoder (`layers.0…`) and a wrapped one
 * (`pretrained_model.model.layers.0…`) get the prefix that the class expects; a linear head without a bias becomes
 * `score.weight`, whatever tool made it. configPlace: of the source's config.json. Throws InputError if the landmark is missing.
 */
export function publishedNames(
  { architecture, prefix, landmark, isTransposed = false }: PublishedClass,
  names: readonly string[],
  configPlace: string,
): PublishedNames {
  const place = names.find((name) => name === landmark || name.endsWith(`.${landmark}`));
  if (place === undefined) throw new InputError(configPlace, `its weights hold no ${landmark}`);
  const ownPrefix = place.slice(0, -landmark.length);
  const isPlainValueHead = !names.some((name) => name === "value_head.bias" || name === "score.weight");
  return { architecture, isTransposed, of };

  function of(name: string): string {
    if (name === "value_head.weight" && isPlainValueHead) return "score.weight";
    if (isRewardHead(name)) return name;
    if (isLmHead(name)) return name.split(".").slice(-2).join(".");
    if (name.startsWith(prefix)) return name;
    return name.startsWith(ownPrefix) ? prefix + name.slice(ownPrefix.length) : name;
  }
}
