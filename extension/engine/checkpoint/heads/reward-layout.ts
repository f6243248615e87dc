/** What a checkpoint says of the code that gives its rewards: refused or named if it is not the code this engine runs. */
import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";
import type { Checkpoint } from "../reading/checkpoint";
import type { RewardHead } from "./reward-head";
import { architectureOf, isOpenRlhf, knownClasses } from "./reward-token";

/** OpenRLHF's normalization of rewards: (r − mean) / std. */
export interface RewardScale {
  readonly mean: number;
  readonly std: number;
}

/** Classes of transformers, whose heads and pooling are known. */
const transformersClass =
  /^(Llama|Mistral|Qwen2|Qwen3|Phi3|Gemma2|Gemma3|Gemma3Text|GPT2|GPTNeoX)(Model|DoubleHeadsModel|LMHeadModel|For(CausalLM|SequenceClassification|TokenClassification|ConditionalGeneration))$/;
/** Auto classes whose own code decides the head. */
const headClasses = ["AutoModel", "AutoModelForSequenceClassification", "AutoModelForTokenClassification"];
/** The head of arXiv 2407.13887, which is also the one that training makes. */
const paperHead = "value_head.{0,2,4,6}";

/**
 * Notes on what is assumed of the head, for the output. Throws InputError if a head was found whose rewards the
 * checkpoint's own code computes in a way that is not known.
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
      `${architecture} is a process reward model: its ${head.name} rates the steps of a completion, not the whole, ` +
        "and how it turns its output into ratings is not supported; use a model that rates whole completions",
    );
  }
  const code = ownCode(config, architecture);
  if (code !== undefined) {
    throw new InputError(
      config.place,
      `auto_map names the model's own code ${code}, so how it computes a reward with ${head.name} is not known; ` +
        "use its own code to score, or remove auto_map from config.json if the code does what transformers does",
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

/** The class of the model's own code, if that code may decide the reward. */
function ownCode(config: Config, architecture: string | undefined): string | undefined {
  for (const [auto, name] of Object.entries(config.section("auto_map")?.values ?? {})) {
    // A tokenizer's or configuration's code does not matter here.
    if (typeof name !== "string" || !auto.startsWith("AutoModel")) continue;
    const own = name.slice(name.lastIndexOf(".") + 1);
    if (knownClasses.includes(own)) continue;
    if (headClasses.includes(auto) || (own === architecture && !transformersClass.test(own))) return name;
  }
  return undefined;
}

/** The mean and the deviation that OpenRLHF left in config.json. */
function openRlhfScale(config: Config): RewardScale | undefined {
  if (!isOpenRlhf(config)) return undefined;
  const { mean, std } = config.values;
  return typeof mean === "number" && typeof std === "number" && std !== 0 ? { mean, std } : undefined;
}

/**
 * How rewards are normalized, and what to tell of it. OpenRLHF does so if `normalize_reward` is on; an adapter brings a
 * head of its own, which these numbers say nothing of.
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
          `Rewards are not normalized: OpenRLHF gives ${formula} if it is run with normalize_reward, which config.json does not set.`,
        ],
      };
}
