/** Adds a checkpoint's tensors to a graph by name and checks their shapes. Their bytes stay in the weight files. */
import type { LowRank } from "../checkpoint/reading/adapter";
import type { Checkpoint } from "../checkpoint/reading/checkpoint";
import { InputError } from "../errors";
import type { DType, Graph, Value } from "../graph/graph";
import { cast } from "../graph/ops/elementwise";
import { gather } from "../graph/ops/indexing";
import { gemm } from "../graph/ops/matrix";
import type { StoredTensor } from "../model-folder/safetensors";
import type { LinearLayer, Weights } from "./weights";

const floatTypes: Readonly<Partial<Record<StoredTensor["type"], DType>>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
};

/** How training changes the use of a checkpoint's weights. */
export interface TrainedWeights {
  /** float64 is for gradient checks. */
  readonly dtype: "float32" | "float64";
  /** The graph input of a trained weight; undefined if the weight is frozen. */
  trained(tensor: StoredTensor): Value | undefined;
  /** y plus the adapter's change of the layer; y itself if the layer has none. `layer.name` includes the prefix. */
  adapted(layer: LinearLayer, x: Value, y: Value): Value;
}

export class StoredWeights implements Weights {
  readonly #loaded = new Map<StoredTensor, Value>();
  readonly #applied = new Set<LowRank>();

  private constructor(
    private readonly graph: Graph,
    private readonly checkpoint: Checkpoint,
    /** Prefix of every name: `model.`, `transformer.` or empty. */
    private readonly prefix: string,
    private readonly training: TrainedWeights | undefined,
  ) {}

  /** Finds the prefix by the family's landmark. Throws InputError if no tensor has that name. */
  static bind(
    graph: Graph,
    checkpoint: Checkpoint,
    landmark: string,
    training?: TrainedWeights,
  ): StoredWeights {
    const name = [...checkpoint.tensors.keys()].find(
      (key) => key === landmark || key.endsWith(`.${landmark}`),
    );
    if (name === undefined) {
      throw new InputError(
        checkpoint.baseFolder,
        `has no tensor ${landmark}, which every model of this model_type has; check model_type in config.json`,
      );
    }
    return new StoredWeights(graph, checkpoint, name.slice(0, -landmark.length), training);
  }

  has(name: string): boolean {
    return this.checkpoint.tensors.has(this.prefix + name);
  }

  /**
   * A parameter in float32, with the adapter's change applied if it has one. Linear layers store their weight as
   * [out,in]; `transposed` means that this one is stored as [in,out] (GPT-2's Conv1D, embeddings).
   */
  parameter(name: string, shape: readonly number[], transposed = false): Value {
    const weight = this.stored(this.#named(name), shape);
    const change = this.#change(name);
    return change ? this.#adapted(name, weight, change, transposed) : weight;
  }

  linear(layer: LinearLayer, x: Value): Value {
    const { name, inputs, outputs, isTransposed = false } = layer;
    const shape = isTransposed ? [inputs, outputs] : [outputs, inputs];
    const weight = this.parameter(`${name}.weight`, shape, isTransposed);
    const bias = this.optional(`${name}.bias`, [outputs]);
    const y = gemm(x, weight, { transB: !isTransposed, bias });
    return this.training?.adapted({ ...layer, name: this.prefix + name }, x, y) ?? y;
  }

  optional(name: string, shape: readonly number[]): Value | undefined {
    return this.has(name) ? this.parameter(name, shape) : undefined;
  }

  /** Rows of an embedding table. shape: [V,H], indices: [N] → float32 [N,H]. */
  rows(name: string, shape: readonly number[], indices: Value): Value {
    if (this.#change(name)) return gather(this.parameter(name, shape, true), indices);
    // Cast after gathering, so that a half-precision table is never held in float32 as a whole.
    return cast(gather(this.#initializer(this.#named(name), shape), indices), this.#dtype);
  }

  /** A tensor of the checkpoint in float32, without the adapter's change. */
  stored(tensor: StoredTensor, shape: readonly number[] = tensor.shape): Value {
    return cast(this.#initializer(tensor, shape), this.#dtype);
  }

  /** Throws InputError if the adapter changes a layer that the graph does not use: scores would silently omit it. */
  checkAdapter(): void {
    const unused = this.checkpoint.adapter?.changes.find(
      (change) => !this.#applied.has(change) && !/(^|\.)(lm_head|embed_out)$/.test(change.module),
    );
    if (unused) {
      throw new InputError(unused.a.place, `changes ${unused.module}, which its base model does not have`);
    }
  }

  get #dtype(): "float32" | "float64" {
    return this.training?.dtype ?? "float32";
  }

  #named(name: string): StoredTensor {
    const stored = this.checkpoint.tensors.get(this.prefix + name);
    if (stored) return stored;
    throw new InputError(
      this.checkpoint.baseFolder,
      `has no tensor ${this.prefix}${name}, which config.json requires`,
    );
  }

  #initializer(tensor: StoredTensor, shape: readonly number[]): Value {
    const known = this.#loaded.get(tensor);
    if (known) return known;
    const fault = (problem: string): InputError =>
      new InputError(tensor.place, `tensor ${tensor.name} ${problem}`);
    if (tensor.shape.length !== shape.length || tensor.shape.some((dim, i) => dim !== shape[i])) {
      throw fault(`has shape [${tensor.shape}], but config.json requires [${shape}]`);
    }
    const dtype = floatTypes[tensor.type];
    if (!dtype) throw fault(`has type ${tensor.type}, expected F32, F16 or BF16`);
    const location = this.checkpoint.location(tensor.file);
    const trained = this.training?.trained(tensor);
    if (trained) {
      this.#loaded.set(tensor, trained);
      return trained;
    }
    const value = this.graph.initializer(`${location} ${tensor.name}`, dtype, tensor.shape, {
      location,
      offset: tensor.offset,
      length: tensor.length,
    });
    this.#loaded.set(tensor, value);
    return value;
  }

  #change(name: string): LowRank | undefined {
    const module = /^(.*)\.weight$/.exec(name)?.[1];
    return module === undefined ? undefined : this.checkpoint.adapter?.lowRank(this.prefix + module);
  }

  /** W + scale·B·A. The runtime folds this into one matrix when it loads the graph. */
  #adapted(name: string, weight: Value, change: LowRank, transposed: boolean): Value {
    const { a, b, scale } = change;
    this.#applied.add(change);
    const [low, high] = [this.stored(a), this.stored(b)];
    const fits = transposed
      ? low.shape[1] === weight.shape[0] && high.shape[0] === weight.shape[1]
      : low.shape[1] === weight.shape[1] && high.shape[0] === weight.shape[0];
    if (!fits || low.shape.length !== 2 || high.shape.length !== 2 || low.shape[0] !== high.shape[1]) {
      throw new InputError(
        a.place,
        `${a.name} [${a.shape}] and ${b.name} [${b.shape}] do not fit ${name} [${weight.shape}]`,
      );
    }
    const sum = { bias: weight, alpha: scale };
    return transposed ? gemm(low, high, { ...sum, transA: true, transB: true }) : gemm(high, low, sum);
  }
}
