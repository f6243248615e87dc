/** Layers that all families share. Activations are [B*T,H], so a linear layer is one Gemm with the stored weight. */

import { InputError } from "../errors";
import type { Value } from "../graph/graph";
import { relu } from "../graph/ops/activation";
import { reshape } from "../graph/ops/layout";
import type { Config } from "../model-folder/config";
import type { BuildContext } from "./family";
import type { AttentionOptions, Kernels } from "./lowering/kernels";
import type { Weights } from "./weights";

/** x·Wᵀ + b, without b if the checkpoint has no bias. x: [N,in] → [N,out]. */
export function linear(weights: Weights, name: string, x: Value, out: number): Value {
  return weights.linear({ name, inputs: width(x), outputs: out }, x);
}

/** Looks up token ids in an embedding table. ids: [B,T] → [B*T,H]. */
export function embedding({ ids, weights }: BuildContext, name: string, rows: number, hidden: number): Value {
  return weights.rows(name, [rows, hidden], reshape(ids, ["B*T"]));
}

/** Causal attention on flat activations. q: [B*T,heads·D], k, v: [B*T,keyValueHeads·D] → [B*T,heads·D]. */
export function flatAttention(
  kernels: Kernels,
  q: Value,
  k: Value,
  v: Value,
  options: AttentionOptions,
): Value {
  const { heads, keyValueHeads, headDim } = options;
  const batched = (x: Value, count: number): Value => reshape(x, ["B", "T", count * headDim]);
  const mixed = kernels.attention(
    batched(q, heads),
    batched(k, keyValueHeads),
    batched(v, keyValueHeads),
    options,
  );
  return reshape(mixed, ["B*T", heads * headDim]);
}

export type Activation = (kernels: Kernels, x: Value) => Value;

const activations: Readonly<Record<string, Activation>> = {
  silu: (kernels, x) => kernels.silu(x),
  swish: (kernels, x) => kernels.silu(x),
  gelu: (kernels, x) => kernels.gelu(x, "erf"),
  gelu_new: (kernels, x) => kernels.gelu(x, "tanh"),
  gelu_fast: (kernels, x) => kernels.gelu(x, "tanh"),
  gelu_pytorch_tanh: (kernels, x) => kernels.gelu(x, "tanh"),
  relu: (_, x) => relu(x),
};

/** The activation function that `key` of the config names, as transformers names it. Throws InputError if unknown. */
export function activationOf(config: Config, key: string, fallback: string): Activation {
  const name = config.string(key, fallback);
  const activation = activations[name];
  if (!activation) {
    throw new InputError(
      config.place,
      `${key} "${name}" is not supported. Supported: ${Object.keys(activations).join(", ")}`,
    );
  }
  return activation;
}

/** Size of the last dimension. Throws if it is symbolic. */
export function width(x: Value): number {
  const last = x.shape.at(-1);
  if (typeof last !== "number") throw new Error(`${x.name} has no fixed width`);
  return last;
}
