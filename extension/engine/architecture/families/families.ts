/** The decoder families we know, and the choice among them by config.json. */

import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";
import type { Decoder, Family } from "../family";
import { gemma2, gemma3 } from "./gemma";
import { gptNeoX } from "./gpt-neox";
import { gpt2 } from "./gpt2";
import { llama } from "./llama";

const families: readonly Family[] = [llama, gemma2, gemma3, gpt2, gptNeoX];

/** The decoder a config.json describes. Throws InputError listing the known families for an unknown one. */
export function readDecoder(config: Config): Decoder {
  const type = config.string("model_type", "");
  const family = families.find(({ modelTypes }) => modelTypes.includes(type));
  if (!family) {
    const known = families.flatMap(({ modelTypes }) => modelTypes).join(", ");
    throw new InputError(
      config.place,
      `${type === "" ? "names no model_type" : `the model family ${type} is not supported`} (known: ${known})`,
    );
  }
  return family.read(config);
}
