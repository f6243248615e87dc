/** Parameters that a run trains, as inputs of its graph: all weights or low-rank adapters, and the reward head. */
import type { HeadKind, LoraSettings, Method } from "../../../protocol/train-settings";
import type { HeadLayerValues } from "../../architecture/reward";
import type { TrainedWeights } from "../../architecture/stored-weights";
import type { LinearLayer } from "../../architecture/weights";
import type { RewardHead } from "../../checkpoint/heads/reward-head";
import type { Graph, Value } from "../../graph/graph";
import { add, mul, where } from "../../graph/ops/elementwise";
import { gemm } from "../../graph/ops/matrix";
import { scalar } from "../../graph/ops/operands";
import type { StoredTensor } from "../../model-folder/safetensors";

/** Initial value of a parameter. */
export type Start =
  | { readonly kind: "stored"; readonly tensor: StoredTensor }
  | { readonly kind: "zeros" }
  /** Drawn from N(0, deviation²). */
  | { readonly kind: "normal"; readonly deviation: number }
  /** Drawn from U(−bound, bound). */
  | { readonly kind: "uniform"; readonly bound: number };

export interface Parameter {
  /** Name in the checkpoint; adapter matrices are named like `model.layers.0.self_attn.q_proj.lora_A`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly value: Value;
  readonly start: Start;
}

/** Dropout mask over an adapter's inputs [B*T,in]; true keeps an element. */
export interface DropoutMask {
  readonly value: Value;
  readonly width: number;
}

export interface ParameterSettings {
  readonly method: Method;
  readonly head: HeadKind;
  readonly lora: LoraSettings;
  readonly dtype: "float32" | "float64";
  /** Whether dropout applies: in training, never in evaluation. */
  readonly hasDropout: boolean;
}

export class TrainedParameters implements TrainedWeights {
  readonly all: Parameter[] = [];
  readonly masks: DropoutMask[] = [];
  readonly dtype: "float32" | "float64";

  constructor(
    private readonly graph: Graph,
    private readonly settings: ParameterSettings,
  ) {
    this.dtype = settings.dtype;
  }

  trained(tensor: StoredTensor): Value | undefined {
    if (this.settings.method !== "full") return undefined;
    return this.#add(tensor.name, tensor.shape, { kind: "stored", tensor });
  }

  /** Returns y + α/r · dropout(x)·Aᵀ·Bᵀ for the layers that LoRA targets, y for others. A: [r,in], B: [out,r]. */
  adapted({ name, inputs, outputs }: LinearLayer, x: Value, y: Value): Value {
    const { method, lora } = this.settings;
    if (method !== "lora" || !isTarget(name, lora.targets)) return y;
    const { rank, alpha } = lora;
    // PEFT initializes A as PyTorch does a linear layer, and B with zeros.
    const a = this.#add(`${name}.lora_A`, [rank, inputs], { kind: "uniform", bound: 1 / Math.sqrt(inputs) });
    const b = this.#add(`${name}.lora_B`, [outputs, rank], { kind: "zeros" });
    const low = gemm(this.#dropout(x, inputs), a, { transB: true });
    return add(y, gemm(low, b, { transB: true, alpha: alpha / rank }));
  }

  /** Adds the layers of the reward head, which is always trained, and created if the checkpoint has none. */
  head(known: RewardHead | undefined, hiddenSize: number): HeadLayerValues[] {
    if (known) {
      const load = (tensor: StoredTensor): Value =>
        this.#add(tensor.name, tensor.shape, { kind: "stored", tensor });
      return known.layers.map(({ weight, bias }) => ({ weight: load(weight), bias: bias && load(bias) }));
    }
    if (this.settings.head === "linear") {
      // The initialization of OpenRLHF and of the paper's code.
      const start: Start = { kind: "normal", deviation: 1 / (hiddenSize + 1) };
      return [{ weight: this.#add("score.weight", [1, hiddenSize], start), bias: undefined }];
    }
    return this.#decouplingHead(hiddenSize);
  }

  /**
   * Adds the paper's MLP head (appendix H, sizes from its code): H → H/2 → H/2 → H → 1, with ReLU between the layers
   * and no bias in the last one.
   */
  #decouplingHead(hiddenSize: number): HeadLayerValues[] {
    const half = Math.ceil(hiddenSize / 2);
    const widths = [hiddenSize, half, half, hiddenSize, 1];
    return widths.slice(1).map((out, i) => {
      const inputs = widths[i] ?? hiddenSize;
      const name = `value_head.${2 * i}`;
      const start: Start = { kind: "uniform", bound: 1 / Math.sqrt(inputs) };
      return {
        weight: this.#add(`${name}.weight`, [out, inputs], start),
        bias: out === 1 ? undefined : this.#add(`${name}.bias`, [out], start),
      };
    });
  }

  #add(name: string, shape: readonly number[], start: Start): Value {
    const value = this.graph.input(name, this.dtype, shape);
    this.all.push({ name, shape, value, start });
    return value;
  }

  #dropout(x: Value, inputs: number): Value {
    const { hasDropout, lora } = this.settings;
    if (!hasDropout || lora.dropout === 0) return x;
    const value = this.graph.input(`dropout_${this.masks.length}`, "bool", ["B*T", inputs]);
    this.masks.push({ value, width: inputs });
    return where(value, mul(x, scalar(x, 1 / (1 - lora.dropout))), scalar(x, 0));
  }
}

/** Whether PEFT's target_modules would match the layer: by the end of its name, or always if there are no targets. */
function isTarget(name: string, targets: readonly string[]): boolean {
  return targets.length === 0 || targets.some((target) => name === target || name.endsWith(`.${target}`));
}
