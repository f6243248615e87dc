/** PEFT LoRA folders: adapter_config.json and adapter_model.safetensors. https://huggingface.co/docs/peft */
import { join } from "node:path";
import { InputError } from "../errors";
import { Config } from "./config";
import { exists, readWeightFile } from "./folder";
import type { StoredTensor } from "./safetensors";

/** The low-rank change of one weight: scale · B·A. a: [r,in], b: [out,r]. */
export interface LowRank {
  readonly a: StoredTensor;
  readonly b: StoredTensor;
  readonly scale: number;
}

const prefix = "base_model.model.";

export class Adapter {
  private constructor(
    readonly folder: string,
    /** Folder or hub name of the model it was trained on. */
    readonly baseName: string,
    readonly rank: number,
    readonly alpha: number,
    private readonly config: Config,
    readonly tensors: ReadonlyMap<string, StoredTensor>,
  ) {}

  static isIn(folder: string): Promise<boolean> {
    return exists(join(folder, "adapter_config.json"));
  }

  static async read(folder: string): Promise<Adapter> {
    const config = await Config.read(join(folder, "adapter_config.json"));
    const type = config.string("peft_type", "LORA");
    if (type !== "LORA") throw new InputError(config.place, `peft_type ${type} is not supported, only LORA`);
    if (config.flag("use_dora", false))
      throw new InputError(config.place, "DoRA adapters are not supported; merge it into its base first");
    if (!(await exists(join(folder, "adapter_model.safetensors")))) {
      throw new InputError(folder, "has an adapter_config.json but no adapter_model.safetensors");
    }
    const { tensors } = await readWeightFile(folder, "adapter_model.safetensors");
    const rank = config.size("r");
    return new Adapter(
      folder,
      config.string("base_model_name_or_path", ""),
      rank,
      config.number("lora_alpha", rank),
      config,
      tensors,
    );
  }

  /** Tensors that replace the base's own, by the base's names: a trained head, biases, whole saved modules. */
  replacements(): ReadonlyMap<string, StoredTensor> {
    const whole = [...this.tensors].filter(([name]) => !isLowRank(name));
    return new Map(whole.map(([name, tensor]) => [moduleName(name), tensor]));
  }

  lowRankTensors(): StoredTensor[] {
    return [...this.tensors].filter(([name]) => isLowRank(name)).map(([, tensor]) => tensor);
  }

  /** The low-rank change of a module such as `layers.0.self_attn.q_proj`, where it has one. */
  lowRank(module: string): LowRank | undefined {
    for (const [aSuffix, bSuffix] of [
      [".lora_A.weight", ".lora_B.weight"],
      [".lora_embedding_A", ".lora_embedding_B"],
    ] as const) {
      for (const [name, a] of this.tensors) {
        if (!name.endsWith(`.${module}${aSuffix}`)) continue;
        const path = name.slice(0, -aSuffix.length);
        const b = this.tensors.get(path + bSuffix);
        if (!b) throw new InputError("adapter_model.safetensors", `lacks ${path}${bSuffix} beside ${name}`);
        return { a, b, scale: this.#scale(moduleName(path), a.shape[0] ?? this.rank) };
      }
    }
    return undefined;
  }

  /** α/r, or α/√r for rank-stabilised LoRA; alpha_pattern may set α by module. */
  #scale(module: string, rank: number): number {
    const pattern = this.config.section("alpha_pattern");
    const key = Object.keys(pattern?.values ?? {}).find((p) => new RegExp(`^(.*\\.)?(${p})$`).test(module));
    const alpha = key && pattern ? pattern.number(key, this.alpha) : this.alpha;
    return this.config.flag("use_rslora", false) ? alpha / Math.sqrt(rank) : alpha / rank;
  }
}

function isLowRank(name: string): boolean {
  return /\.lora_(embedding_)?[AB](\.|$)/.test(name);
}

/** `base_model.model.score.weight` → `score.weight` */
function moduleName(name: string): string {
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return bare.replace(".modules_to_save.default", "").replace(".base_layer.", ".");
}
