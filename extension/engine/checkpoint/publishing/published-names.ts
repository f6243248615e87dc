/** Class and tensor names that transformers (5.24) expects of a reward model. */
import { InputError } from "../../errors";

export interface PublishedNames {
  /** Class name, such as `LlamaForSequenceClassification`. */
  readonly architecture: string;
  /** Linear layers keep their weight as [in,out] (GPT-2's Conv1D). */
  readonly isTransposed: boolean;
  /** Returns the published name of a tensor or layer, given its name in the source's files. */
  of(name: string): string;
}

/** Names that transformers uses for reward models of one model type; each family of architecture/ defines them. */
export interface PublishedClass {
  /** Class name, such as `LlamaForSequenceClassification`. */
  readonly architecture: string;
  /** Prefix of the decoder's tensor names. */
  readonly prefix: string;
  /** A tensor that every decoder of the family has; it reveals the prefix used in the source's files. */
  readonly landmark: string;
  /** Linear layers keep their weight as [in,out] (GPT-2's Conv1D). */
  readonly isTransposed?: boolean;
}

export function isRewardHead(name: string): boolean {
  return /^(score|value_head|v_head)\./.test(name);
}

/** Tells whether a tensor belongs to the LM head, which computes the next token's logits. */
export function isLmHead(name: string): boolean {
  return /(^|\.)(lm_head|embed_out)\.(weight|bias)$/.test(name);
}

/**
 * Returns the published names for a checkpoint with the tensors `names`. A bare decoder (`layers.0…`) and a wrapped one
 * (`pretrained_model.model.layers.0…`) get the prefix that the class expects; a linear head without a bias becomes
 * `score.weight`, whatever tool made it. `configPlace` is the place of the source's config.json in errors. Throws
 * InputError if the landmark is missing.
 */
export function publishedNames(
  { architecture, prefix, landmark, isTransposed = false }: PublishedClass,
  names: readonly string[],
  configPlace: string,
): PublishedNames {
  const place = names.find((name) => name === landmark || name.endsWith(`.${landmark}`));
  if (place === undefined) throw new InputError(configPlace, `its weights do not contain ${landmark}`);
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
