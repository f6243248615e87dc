/** The decoder families; `model_type` of config.json selects one. */

import type { PublishedClass } from "../../checkpoint/publishing/published-names";
import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";
import type { Decoder, Family, ModelType } from "../family";
import { gemma2, gemma3 } from "./gemma";
import { gptNeoX } from "./gpt-neox";
import { gpt2 } from "./gpt2";
import { llama } from "./llama";

const families: readonly Family[] = [llama, gemma2, gemma3, gpt2, gptNeoX];

/** The decoder that a config.json describes. Throws InputError, listing the supported model types, for any other. */
export function readDecoder(config: Config): Decoder {
  const { family } = familyOf(config);
  const text = config.section("text_config");
  if (!config.flag("is_causal", true) || text?.flag("is_causal", true) === false) {
    throw new InputError(
      config.place,
      "is_causal false lets every token attend to the tokens after it, which is not supported; only causal models are",
    );
  }
  return { ...family.read(config), landmark: family.landmark };
}

/** The transformers class as which a reward model with this config.json is published. Throws as readDecoder does. */
export function publishedClass(config: Config): PublishedClass {
  const { family, modelType } = familyOf(config);
  return { ...modelType, landmark: family.landmark };
}

/** Throws InputError if a model with this config.json cannot be initialized with random weights. */
export function checkCanBeNew(config: Config): void {
  if (familyOf(config).modelType.canBeNew) return;
  const types = families.flatMap(({ modelTypes }) =>
    Object.keys(modelTypes).filter((name) => modelTypes[name]?.canBeNew),
  );
  throw new InputError(
    config.place,
    `a new model cannot have model_type "${modelTypeOf(config)}", only ${types.join(" or ")}; start from a checkpoint instead`,
  );
}

function familyOf(config: Config): { readonly family: Family; readonly modelType: ModelType } {
  const type = modelTypeOf(config);
  for (const family of families) {
    const modelType = Object.hasOwn(family.modelTypes, type) ? family.modelTypes[type] : undefined;
    if (modelType) return { family, modelType };
  }
  const supported = families.flatMap(({ modelTypes }) => Object.keys(modelTypes)).join(", ");
  throw new InputError(
    config.place,
    `${type === "" ? "has no model_type" : `model_type "${type}" is not supported`}. Supported: ${supported}`,
  );
}

function modelTypeOf(config: Config): string {
  return config.string("model_type", "");
}
