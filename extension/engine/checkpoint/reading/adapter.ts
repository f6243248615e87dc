/** Reads PEFT LoRA folders: adapter_config.json and adapter_model.safetensors. https://huggingface.co/docs/peft */
import { join } from "node:path";
import { InputError } from "../../errors";
import { Config } from "../../model-folder/config";
import { exists, readValueHead, readWeightFile } from "../../model-folder/folder";
import { pickleAdvice } from "../../model-folder/pickle-advice";
import type { StoredTensor } from "../../model-folder/safetensors";

/** The low-rank change of one weight, scale · B·A, with a: [r,in] and b: [out,r]. */
export interface LowRank {
  /** Name of the changed layer, such as `model.layers.0.self_attn.q_proj`. */
  readonly module: string;
  readonly a: StoredTensor;
  readonly b: StoredTensor;
  readonly scale: number;
}

const prefix = "base_model.model.";
const weightsName = "adapter_model.safetensors";

/** Variants of LoRA that change more than W + scale · B·A. */
const unsupported = [
  "use_dora",
  "use_qalora",
  "use_bdlora",
  "lora_bias",
  "layer_replication",
  "trainable_token_indices",
  "target_parameters",
  "alora_invocation_tokens",
  "arrow_config",
];
/** Values of init_lora_weights that keep the base unchanged; others (PiSSA, OLoRA, CorDA…) modify it on loading. */
const plainStarts: readonly unknown[] = [undefined, null, true, false, "gaussian", "eva", "orthogonal"];

export class Adapter {
  private constructor(
    readonly folder: string,
    /** Folder or hub name of the base model. */
    readonly baseName: string,
    readonly rank: number,
    readonly alpha: number,
    readonly changes: readonly LowRank[],
    /** Tensors that replace the base's, by the base's names: a trained head, biases, whole modules. */
    readonly replacements: ReadonlyMap<string, StoredTensor>,
  ) {}

  static isIn(folder: string): Promise<boolean> {
    return exists(join(folder, "adapter_config.json"));
  }

  static async read(folder: string): Promise<Adapter> {
    const config = await Config.read(join(folder, "adapter_config.json"));
    checkKind(config);
    if (!(await exists(join(folder, weightsName)))) {
      const isPickle = await exists(join(folder, "adapter_model.bin"));
      const hint = isPickle ? `: adapter_model.bin is ${pickleAdvice("adapter_model.bin", weightsName)}` : "";
      throw new InputError(folder, `has an adapter_config.json but no ${weightsName}${hint}`);
    }
    const { tensors } = await readWeightFile(folder, weightsName);
    const rank = config.size("r");
    const changes: LowRank[] = [];
    const replacements = new Map(await readValueHead(folder));
    for (const [name, tensor] of tensors) {
      const part = /^(.*)\.lora_(embedding_)?([AB])(\.weight)?$/.exec(name);
      if (!part) {
        if (/\.(lora|trainable_tokens)_/.test(name))
          throw new InputError(weightsName, `${name} belongs to a kind of adapter that is not supported`);
        replacements.set(moduleName(name), tensor);
      } else if (part[3] === "A") {
        const partner = name.replace(/(\.lora_(embedding_)?)A/, "$1B");
        const b = tensors.get(partner);
        if (!b) throw new InputError(weightsName, `has ${name} but lacks ${partner}`);
        const module = moduleName(part[1] ?? "");
        changes.push({ module, a: tensor, b, scale: scaleOf(config, module, tensor.shape[0] ?? rank) });
      }
    }
    const alpha = config.number("lora_alpha", rank);
    return new Adapter(
      folder,
      config.string("base_model_name_or_path", ""),
      rank,
      alpha,
      changes,
      replacements,
    );
  }

  lowRankTensors(): StoredTensor[] {
    return this.changes.flatMap(({ a, b }) => [a, b]);
  }

  /** Returns the change of a layer such as `model.layers.0.self_attn.q_proj`. Either name may have a longer prefix. */
  lowRank(layer: string): LowRank | undefined {
    return this.changes.find(
      ({ module }) => module === layer || module.endsWith(`.${layer}`) || layer.endsWith(`.${module}`),
    );
  }
}

function checkKind(config: Config): void {
  const type = config.string("peft_type", "LORA");
  if (type !== "LORA")
    throw new InputError(config.place, `peft_type ${type} is not supported. Supported: LORA`);
  const { values } = config;
  const isSet = (value: unknown): boolean =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== false;
  const key =
    unsupported.find((name) => isSet(values[name])) ??
    (plainStarts.includes(values.init_lora_weights) ? undefined : "init_lora_weights");
  if (key !== undefined) {
    throw new InputError(
      config.place,
      `${key} ${JSON.stringify(values[key])} is not supported; merge the adapter into its base with peft (merge_and_unload)`,
    );
  }
}

/** Returns α/r, or α/√r for rank-stabilized LoRA; alpha_pattern may set α per module. */
function scaleOf(config: Config, module: string, rank: number): number {
  const pattern = config.section("alpha_pattern");
  const key = Object.keys(pattern?.values ?? {}).find((candidate) => {
    try {
      return new RegExp(`^(.*\\.)?(${candidate})$`).test(module);
    } catch {
      throw new InputError(
        config.place,
        `alpha_pattern contains ${candidate}, which is not a valid regular expression`,
      );
    }
  });
  const alpha = config.number("lora_alpha", rank);
  const own = key === undefined || !pattern ? alpha : pattern.number(key, alpha);
  return config.flag("use_rslora", false) ? own / Math.sqrt(rank) : own / rank;
}

/** Maps `base_model.model.score.weight` to `score.weight`. */
function moduleName(name: string): string {
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return bare.replace(".modules_to_save.default", "").replace(".base_layer.", ".");
}
