/** Checks whether a checkpoint's own code computes rewards as this engine does; refuses or reports a difference. */
import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";
import type { Checkpoint } from "../reading/checkpoint";
import type { RewardHead } from "./reward-head";
import { architectureOf, isOpenRlhf, knownClasses } from "./reward-token";

/** Parameters of OpenRLHF's reward normalization, (r − mean) / std. */
export interface RewardScale {
  readonly mean: number;
  readonly std: number;
}

/** Matches the classes of transformers whose heads and pooling are known. */
const transformersClass =
  /^(Llama|Mistral|Qwen2|Qwen3|Phi3|Gemma2|Gemma3|Gemma3Text|GPT2|GPTNeoX)(Model|DoubleHeadsModel|LMHeadModel|For(CausalLM|SequenceClassification|TokenClassification|ConditionalGeneration))$/;
/** Auto classes whose custom code determines the head. */
const headClasses = ["AutoModel", "AutoModelForSequenceClassification", "AutoModelForTokenClassification"];
/** The MLP head of arXiv 2407.13887, which training can also create. */
const paperHead = "value_head.{0,2,4,6}";

/**
 * Returns notes for the output on what is assumed about the head. Throws InputError if the checkpoint's own code
 * computes rewards from the head in an unknown way.
 */
export function checkRewardLayout(
  { config }: Pick<Checkpoint, "config">,
  head: RewardHead | undefined,
): readonly string[] {
  if (!head) return [];
  const architecture = architectureOf(config);
  if (architecture !== undefined && /prm|process/i.test(architecture)) {
    throw new InputError(
      config.place,
      `${architecture} is a process reward model: its ${head.name} scores the steps of a completion, not the whole, ` +
        "which is not supported; use a model that scores whole completions",
    );
  }
  const code = ownCode(config, architecture);
  if (code !== undefined) {
    throw new InputError(
      config.place,
      `auto_map names the model's own code ${code}, so how it computes a reward with ${head.name} is not known; ` +
        "score with that code, or remove auto_map from config.json if it computes rewards as transformers does",
    );
  }
  const notes: string[] = [];
  const isKnown = architecture !== undefined && knownClasses.includes(architecture);
  if (head.layers.length > 1 && head.name !== paperHead && !isKnown)
    notes.push(
      `The activation between the layers of ${head.name} is assumed to be ReLU: config.json does not name a known class.`,
    );
  else if (
    architecture !== undefined &&
    !isKnown &&
    !transformersClass.test(architecture) &&
    !isOpenRlhf(config)
  )
    notes.push(
      `${architecture} is not a known class; ${head.name} is assumed to be applied as transformers does.`,
    );
  return notes;
}

/** Returns the name of the model's custom class if its code may affect the reward. */
function ownCode(config: Config, architecture: string | undefined): string | undefined {
  for (const [auto, name] of Object.entries(config.section("auto_map")?.values ?? {})) {
    // Custom code for the tokenizer or the configuration does not affect the head.
    if (typeof name !== "string" || !auto.startsWith("AutoModel")) continue;
    const own = name.slice(name.lastIndexOf(".") + 1);
    if (knownClasses.includes(own)) continue;
    if (headClasses.includes(auto) || (own === architecture && !transformersClass.test(own))) return name;
  }
  return undefined;
}

/** Reads the mean and standard deviation that OpenRLHF stores in config.json. */
function openRlhfScale(config: Config): RewardScale | undefined {
  if (!isOpenRlhf(config)) return undefined;
  const { mean, std } = config.values;
  return typeof mean === "number" && typeof std === "number" && std !== 0 ? { mean, std } : undefined;
}

/**
 * Returns how rewards are normalized, and notes for the output. OpenRLHF normalizes rewards if `normalize_reward` is
 * set. An adapter has its own head, to which these numbers do not apply.
 */
export function rewardScale({ config, adapter }: Pick<Checkpoint, "config" | "adapter">): {
  readonly scale: RewardScale | undefined;
  readonly notes: readonly string[];
} {
  const known = openRlhfScale(config);
  if (!known || adapter) return { scale: undefined, notes: [] };
  const formula = `(reward − ${known.mean}) / ${known.std}`;
  return config.flag("normalize_reward", false)
    ? {
        scale: known,
        notes: [`Rewards are normalized: ${formula}, as normalize_reward in config.json says.`],
      }
    : {
        scale: undefined,
        notes: [
          `Rewards are not normalized: OpenRLHF outputs ${formula} if normalize_reward is set, but config.json does not set it.`,
        ],
      };
}
