/** Lowers layers for training: to operators with backward rules, over rows that branch. */
import type { Value } from "../../graph/graph";
import { gelu, quickGelu } from "../../graph/ops/activation";
import { and, cast, greater, less, or, sub } from "../../graph/ops/elementwise";
import { gather } from "../../graph/ops/indexing";
import { reshape } from "../../graph/ops/layout";
import { differentiableLayerNorm, differentiableRmsNorm } from "../../graph/ops/normalization";
import { scalar } from "../../graph/ops/operands";
import { rotaryEmbedding } from "../../graph/ops/rotary";
import type { Kernels, Rotary } from "./kernels";
import { biasOf, near, plainAttention, primitive, rotateHeads } from "./primitive";

/**
 * How the rows of a batch branch, so that the prefix that two completions share is computed once. A row consists of the
 * trunk, the first branch, the second branch and padding; a token attends to the trunk and to its own branch.
 */
export interface Branching {
  /** Position of each token in its own sequence: int64 [B,T]. */
  readonly positions: Value;
  /** Branch of each token: 0 for the trunk, then 1, 2, …; padding has its own number. int64 [B,T]. */
  readonly branches: Value;
}

/**
 * dtype: float64 is for checks against finite differences and uses primitive operators, as the runtime lacks some fused
 * kernels in float64. norms: "fused" only on the CPU, as WebGPU's SimplifiedLayerNormalization silently leaves the
 * statistic that the gradient reads unwritten.
 */
export function trainable(
  { positions, branches }: Branching,
  dtype: "float32" | "float64",
  norms: "fused" | "plain",
): Kernels {
  const biases = new Map<number | undefined, Value>();
  const [batch, length] = [positions.shape[0] ?? 1, positions.shape[1] ?? 1];
  const asRow = (x: Value): Value => reshape(cast(x, dtype), [batch, 1, 1, 1, length]);
  const asColumn = (x: Value): Value => reshape(cast(x, dtype), [batch, 1, 1, length, 1]);

  /** Within the trunk and each branch, a token attends to lower or equal positions only. */
  function bias(q: Value, window: number | undefined): Value {
    const known = biases.get(window);
    if (known) return known;
    const distance = sub(asColumn(positions), asRow(positions));
    const [own, other] = [asColumn(branches), asRow(branches)];
    const [low, high] = [scalar(q, -0.5), scalar(q, 0.5)];
    const isSame = and(less(sub(own, other), high), greater(sub(own, other), low));
    const isReachable = or(isSame, less(other, high));
    const isVisible = and(and(greater(distance, low), near(distance, window)), isReachable);
    const made = biasOf(isVisible, q);
    biases.set(window, made);
    return made;
  }

  if (dtype === "float64") {
    const rotate = (x: Value, heads: number, { cos, sin }: Rotary): Value =>
      rotateHeads(x, heads, { cos: gather(cos, positions), sin: gather(sin, positions) });
    return { ...primitive, attention: plainAttention({ bias, rotate }) };
  }
  return {
    rmsNorm: norms === "fused" ? differentiableRmsNorm : primitive.rmsNorm,
    layerNorm: norms === "fused" ? differentiableLayerNorm : primitive.layerNorm,
    silu: (x) => quickGelu(x, 1),
    gelu,
    attention: plainAttention({
      bias,
      rotate: (x, heads, tables) =>
        rotaryEmbedding(x, positions, tables, { heads, width: 2 * Number(tables.cos.shape[1]) }),
    }),
  };
}
