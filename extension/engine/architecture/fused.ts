/** Layers lowered to the runtime's fused operators, for scoring. */
import type { Graph, Value } from "../graph/graph";
import { gelu, quickGelu } from "../graph/ops/activation";
import { groupQueryAttention } from "../graph/ops/attention";
import { expand } from "../graph/ops/broadcast";
import { cast, sub } from "../graph/ops/elementwise";
import { reshape, sizeOf } from "../graph/ops/layout";
import { layerNormalization, simplifiedLayerNormalization } from "../graph/ops/normalization";
import type { AttentionOptions, Kernels } from "./kernels";
import { primitive, rotateHeads } from "./primitive";

export const fused: Kernels = {
  rmsNorm: simplifiedLayerNormalization,
  layerNorm: layerNormalization,
  silu: (x) => quickGelu(x, 1),
  gelu,
  attention,
};

/** As fused, but with soft-capped attention in plain operators: WebGPU's fused one leaves the cap out in silence. */
export const fusedWithoutSoftCap: Kernels = {
  ...fused,
  attention: (q, k, v, options) =>
    (options.softCap === undefined ? fused : primitive).attention(q, k, v, options),
};

/** The fused kernel takes heads, and rotates angles, in blocks of this many. */
const block = 8;

function attention(q: Value, k: Value, v: Value, options: AttentionOptions): Value {
  const { heads, keyValueHeads, headDim, rotary } = options;
  if (headDim % block !== 0) return primitive.attention(q, k, v, options);
  const inKernel = rotary && Number(rotary.cos.shape[1]) % block === 0 ? rotary : undefined;
  const turned = (x: Value, count: number): Value =>
    rotary && !inKernel ? rotateHeads(x, count, rotary) : x;
  return groupQueryAttention(
    turned(q, heads),
    turned(k, keyValueHeads),
    v,
    lengths(q.graph, q),
    inKernel,
    options,
  );
}

/** Every row counts as full: under causal attention padding on the right changes nothing before it. */
function lengths(graph: Graph, q: Value): { last: Value; total: Value } {
  const [batch, length] = [q.shape[0] ?? 1, q.shape[1] ?? 1];
  const total = cast(sizeOf(graph, length), "int32");
  return {
    last: expand(sub(total, graph.constant("int32", [1])), [batch]),
    total: reshape(total, []),
  };
}
