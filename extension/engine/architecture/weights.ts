/** Hands a checkpoint's tensors to a graph: by name, with their shapes checked, read where they lie. */
import { basename } from "node:path";
import type { Checkpoint } from "../checkpoint/checkpoint";
import type { StoredTensor } from "../checkpoint/safetensors";
import { InputError } from "../errors";
import type { DType, Graph, Value } from "../graph/graph";
import { add, cast, mul } from "../graph/ops/elementwise";
import { gemm } from "../graph/ops/matrix";

const floatTypes: Readonly<Partial<Record<StoredTensor["type"], DType>>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
};

export class Weights {
  readonly #loaded = new Map<StoredTensor, Value>();

  private constructor(
    private readonly graph: Graph,
    private readonly checkpoint: Checkpoint,
    /** What stands before every name: `model.`, `transformer.`, nothing… */
    private readonly prefix: string,
  ) {}

  /** Finds the prefix by a tensor that every model of the family has. */
  static bind(graph: Graph, checkpoint: Checkpoint, landmark: string): Weights {
    const name = [...checkpoint.tensors.keys()].find(
      (key) => key === landmark || key.endsWith(`.${landmark}`),
    );
    if (name === undefined) {
      throw new InputError(
        checkpoint.baseFolder,
        `its weights hold no ${landmark}, which this model family needs`,
      );
    }
    return new Weights(graph, checkpoint, name.slice(0, -landmark.length));
  }

  has(name: string): boolean {
    return this.checkpoint.tensors.has(this.prefix + name);
  }

  /**
   * A parameter in float32, with the adapter's change where it has one. Linear layers keep their weight as
   * [out,in]; `transposed` says that this one is kept as [in,out] (GPT-2's Conv1D, embeddings).
   */
  parameter(name: string, shape: readonly number[], transposed = false): Value {
    const stored = this.checkpoint.tensors.get(this.prefix + name);
    if (!stored)
      throw new InputError(this.checkpoint.baseFolder, `its weights lack the tensor ${this.prefix}${name}`);
    return this.#adapted(name, this.stored(stored, shape), transposed);
  }

  optional(name: string, shape: readonly number[]): Value | undefined {
    return this.has(name) ? this.parameter(name, shape) : undefined;
  }

  /** A tensor in float32, whatever its name. */
  stored(tensor: StoredTensor, shape: readonly number[] = tensor.shape): Value {
    const known = this.#loaded.get(tensor);
    if (known) return known;
    const fault = (problem: string): InputError =>
      new InputError(basename(tensor.file), `tensor ${tensor.name} ${problem}`);
    if (tensor.shape.length !== shape.length || tensor.shape.some((dim, i) => dim !== shape[i])) {
      throw fault(`has the shape [${tensor.shape}], but config.json asks for [${shape}]`);
    }
    const dtype = floatTypes[tensor.type];
    if (!dtype) throw fault(`is ${tensor.type}, expected F32, F16 or BF16`);
    const location = this.checkpoint.location(tensor.file);
    const value = cast(
      this.graph.initializer(tensor.name, dtype, tensor.shape, { ...tensor, location }),
      "float32",
    );
    this.#loaded.set(tensor, value);
    return value;
  }

  /** W + scale · B·A. The runtime folds this into one matrix when it loads the graph. */
  #adapted(name: string, weight: Value, transposed: boolean): Value {
    const change = this.checkpoint.lowRank(name.replace(/\.weight$/, ""));
    if (!change || !name.endsWith(".weight")) return weight;
    const { a, b, scale } = change;
    const [low, high] = [this.stored(a), this.stored(b)];
    const fits = transposed
      ? low.shape[1] === weight.shape[0] && high.shape[0] === weight.shape[1]
      : low.shape[1] === weight.shape[1] && high.shape[0] === weight.shape[0];
    if (!fits || low.shape[0] !== high.shape[1]) {
      throw new InputError(
        basename(a.file),
        `${a.name} [${a.shape}] and ${b.name} [${b.shape}] do not fit ${name} [${weight.shape}]`,
      );
    }
    const product = transposed ? gemm(low, high, { transA: true, transB: true }) : gemm(high, low);
    return add(weight, mul(product, this.graph.constant("float32", [scale])));
  }
}
