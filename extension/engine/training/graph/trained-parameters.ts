/** What a run trains, as inputs of its graph: every weight, low-rank adapters, a reward head. */

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

/** How a parameter starts. */
export type Start =
  | { readonly kind: "stored"; readonly tensor: StoredTensor }
  | { readonly kind: "zeros" }
  /** N(0, deviation²) */
  | { readonly kind: "normal"; readonly deviation: number }
  /** U(−bound, bound) */
  | { readonly kind: "uniform"; readonly bound: number };

export interface Parameter {
  /** As the checkpoint calls it; adapters as `model.layers.0.self_attn.q_proj.lora_A`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly value: Value;
  readonly start: Start;
}

/** A mask over a layer's inputs [B*T,in]: true where the adapter sees them. */
export interface DropoutMask {
  readonly value: Value;
  readonly width: number;
}

export interface ParameterSettings {
  readonly method: Method;
  readonly head: HeadKind;
  readonly lora: LoraSettings;
  readonly dtype: "float32" | "float64";
  /** Inputs are dropped while training, never in an evaluation. */
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

  /** y + α/r · dropout(x)·Aᵀ·Bᵀ for the layers that an adapter is wanted on. A: [r,in], B: [out,r]. */
  adapted({ name, inputs, outputs }: LinearLayer, x: Value, y: Value): Value {
    const { method, lora } = this.settings;
    if (method !== "lora" || !isTarget(name, lora.targets)) return y;
    const { rank, alpha } = lora;
    // The bound of PyTorch's linear layers, as PEFT starts A.
    const a = this.#add(`${name}.lora_A`, [rank, inputs], { kind: "uniform", bound: 1 / Math.sqrt(inputs) });
    const b = this.#add(`${name}.lora_B`, [outputs, rank], { kind: "zeros" });
    const low = gemm(this.#dropout(x, inputs), a, { transB: true });
    return add(y, gemm(low, b, { transB: true, alpha: alpha / rank }));
  }

  /** The reward head: always trained, made anew where the checkpoint has none. */
  head(known: RewardHead | undefined, hiddenSize: number): HeadLayerValues[] {
    if (known) {
      const load = (tensor: StoredTensor): Value =>
        this.#add(tensor.name, tensor.shape, { kind: "stored", tensor });
      return known.layers.map(({ weight, bias }) => ({ weight: load(weight), bias: bias && load(bias) }));
    }
    if (this.settings.head === "linear") {
      // As OpenRLHF and the paper's code start it.
      const start: Start = { kind: "normal", deviation: 1 / (hiddenSize + 1) };
      return [{ weight: this.#add("score.weight", [1, hiddenSize], start), bias: undefined }];
    }
    return this.#decouplingHead(hiddenSize);
  }

  /** The paper's MLP (appendix H, sizes of its code): H → H/2 → H/2 → H → 1, ReLU between, no bias in the last. */
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

/** Whether a layer is one of those named by their last part, as PEFT's target_modules; all are where none is named. */
function isTarget(name: string, targets: readonly string[]): boolean {
  return targets.length === 0 || targets.some((target) => name === target || name.endsWith(`.${target}`));
}
