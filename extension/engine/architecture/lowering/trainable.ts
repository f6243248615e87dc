/** Layers lowered for training: operators with backward rules, over rows that branch. */
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
 * How rows of a batch branch: what two completions share is computed once. A row is trunk, first branch, second branch,
 * padding; tokens see the trunk and their own branch.
 */
export interface Branching {
  /** Place of each token in its own sequence: int64 [B,T]. */
  readonly positions: Value;
  /** 0 for the trunk, then 1, 2, … by branch: int64 [B,T]. Padding is a branch of its own. */
  readonly branches: Value;
}

/**
 * Float64 serves checks against finite differences; the runtime has not all its kernels in it. Fused norms are for the
 * CPU: WebGPU's SimplifiedLayerNormalization leaves the statistic that the gradient reads unwritten, in silence.
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

  /** Within trunk and branch the order of positions is that of time. */
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
