/** Lowers layers to the runtime's fused operators, for scoring. */
import type { Graph, Value } from "../../graph/graph";
import { gelu, quickGelu } from "../../graph/ops/activation";
import { groupQueryAttention } from "../../graph/ops/attention";
import { expand } from "../../graph/ops/broadcast";
import { cast, sub } from "../../graph/ops/elementwise";
import { reshape, sizeOf } from "../../graph/ops/layout";
import { layerNormalization, simplifiedLayerNormalization } from "../../graph/ops/normalization";
import type { AttentionOptions, Kernels, Rotary } from "./kernels";
import type { KeyValueCache } from "./key-value-cache";
import { primitive, rotateHeads } from "./primitive";

export const fused: Kernels = {
  rmsNorm: simplifiedLayerNormalization,
  layerNorm: layerNormalization,
  silu: (x) => quickGelu(x, 1),
  gelu,
  attention,
};

/** Fused, but with primitive operators for soft-capped attention: WebGPU's fused operator silently ignores the cap. */
export const fusedWithoutSoftCap: Kernels = {
  ...fused,
  attention: (q, k, v, options) =>
    (options.softCap === undefined ? fused : primitive).attention(q, k, v, options),
};

/** Fused, with a key-value cache. Layers that the fused kernel does not support are not cached. */
export function fusedOnPast(cache: KeyValueCache): Kernels {
  return {
    ...fused,
    attention: (q, k, v, options) => {
      const { rotary } = options;
      const tables = rotary && cache.ofTokens(rotary);
      if (!takesHeads(options)) return primitive.attention(q, k, v, { ...options, rotary: tables });
      if (!rotary || takesTables(rotary)) return cache.attention(q, k, v, rotary, options);
      return cache.attention(...rotated(q, k, v, { ...options, rotary: tables }), undefined, options);
    },
  };
}

/** The fused kernel requires head widths and rotary table widths to be multiples of this. */
const block = 8;
const takesHeads = ({ headDim }: AttentionOptions): boolean => headDim % block === 0;
const takesTables = ({ cos }: Rotary): boolean => Number(cos.shape[1]) % block === 0;

function attention(q: Value, k: Value, v: Value, options: AttentionOptions): Value {
  const { rotary } = options;
  if (!takesHeads(options)) return primitive.attention(q, k, v, options);
  const inKernel = rotary && takesTables(rotary) ? rotary : undefined;
  const operands = inKernel ? ([q, k, v] as const) : rotated(q, k, v, options);
  return groupQueryAttention(...operands, lengths(q.graph, q), inKernel, options);
}

/** Queries, keys and values; queries and keys are rotated if the layer has rotary positions. */
function rotated(
  q: Value,
  k: Value,
  v: Value,
  { heads, keyValueHeads, rotary }: AttentionOptions,
): readonly [Value, Value, Value] {
  return rotary ? [rotateHeads(q, heads, rotary), rotateHeads(k, keyValueHeads, rotary), v] : [q, k, v];
}

/** Treats every row as full length: under causal attention, right padding does not change the tokens before it. */
function lengths(graph: Graph, q: Value): { last: Value; total: Value } {
  const [batch, length] = [q.shape[0] ?? 1, q.shape[1] ?? 1];
  const total = cast(sizeOf(graph, length), "int32");
  return {
    last: expand(sub(total, graph.constant("int32", [1])), [batch]),
    total: reshape(total, []),
  };
}
