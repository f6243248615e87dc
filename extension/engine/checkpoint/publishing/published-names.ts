/** Names under which transformers looks for a reward model: its class, and its tensors. transformers 5.24. */
import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";

export interface PublishedNames {
  /** The class, as `LlamaForSequenceClassification`. */
  readonly architecture: string;
  /** Linear layers keep their weight as [in,out] (GPT-2's Conv1D). */
  readonly isTransposed: boolean;
  /** The name of a tensor, or of a layer, by its name in the source's files. */
  of(name: string): string;
}

interface Classifier {
  readonly architecture: string;
  /** What stands before the decoder's names. */
  readonly prefix: string;
  /** A tensor every decoder of the family has, by which the source's own prefix is found. */
  readonly landmark: string;
}

const asLlama = (name: string): Classifier => ({
  architecture: `${name}ForSequenceClassification`,
  prefix: "model.",
  landmark: "embed_tokens.weight",
});

/** By model_type. */
const classifiers: Readonly<Record<string, Classifier>> = {
  llama: asLlama("Llama"),
  mistral: asLlama("Mistral"),
  qwen2: asLlama("Qwen2"),
  qwen3: asLlama("Qwen3"),
  phi3: asLlama("Phi3"),
  gemma2: asLlama("Gemma2"),
  gemma3_text: asLlama("Gemma3Text"),
  // The text model is within one that sees images; transformers knows the older and the newer names of its parts.
  gemma3: { ...asLlama("Gemma3"), prefix: "language_model.model." },
  gpt2: { architecture: "GPT2ForSequenceClassification", prefix: "transformer.", landmark: "wte.weight" },
  gpt_neox: {
    architecture: "GPTNeoXForSequenceClassification",
    prefix: "gpt_neox.",
    landmark: "embed_in.weight",
  },
};

export function isRewardHead(name: string): boolean {
  return /^(score|value_head|v_head)\./.test(name);
}

/** The matrix that gives the next token's logits. */
export function isLmHead(name: string): boolean {
  return /(^|\.)(lm_head|embed_out)\.(weight|bias)$/.test(name);
}

/**
 * Names for a checkpoint with the tensors `names`. A bare decoder (`layers.0…`) and a wrapped one
 * (`pretrained_model.model.layers.0…`) get the prefix their class expects; a linear head without a bias becomes
 * `score.weight`, whatever tool made it. Throws InputError for a family without such a class.
 */
export function publishedNames(config: Config, names: readonly string[]): PublishedNames {
  const type = config.string("model_type", "");
  const classifier = Object.hasOwn(classifiers, type) ? classifiers[type] : undefined;
  if (!classifier) {
    throw new InputError(config.place, `the model family ${type || "(none)"} cannot be written`);
  }
  const { architecture, prefix, landmark } = classifier;
  const place = names.find((name) => name === landmark || name.endsWith(`.${landmark}`));
  if (place === undefined) throw new InputError(config.place, `its weights hold no ${landmark}`);
  const ownPrefix = place.slice(0, -landmark.length);
  const isPlainValueHead = !names.some((name) => name === "value_head.bias" || name === "score.weight");
  return { architecture, isTransposed: type === "gpt2", of };

  function of(name: string): string {
    if (name === "value_head.weight" && isPlainValueHead) return "score.weight";
    if (isRewardHead(name)) return name;
    if (isLmHead(name)) return name.split(".").slice(-2).join(".");
    if (name.startsWith(prefix)) return name;
    return name.startsWith(ownPrefix) ? prefix + name.slice(ownPrefix.length) : name;
  }
}
