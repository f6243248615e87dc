/** Lowers layers to standard ONNX operators: correct on every provider, but slower than fused ones. */
import type { Value } from "../../graph/graph";
import { gelu } from "../../graph/ops/activation";
import {
  add,
  and,
  cast,
  greater,
  less,
  mul,
  reciprocal,
  sigmoid,
  sqrt,
  sub,
  tanh,
  where,
} from "../../graph/ops/elementwise";
import { concat, range, reshape, split, transpose } from "../../graph/ops/layout";
import { matMul } from "../../graph/ops/matrix";
import { scalar } from "../../graph/ops/operands";
import { mean, softmax } from "../../graph/ops/reduction";
import type { Kernels, Rotary } from "./kernels";

export const primitive: Kernels = {
  rmsNorm: (x, weight, epsilon) => mul(mul(x, inverseRoot(mean(mul(x, x), -1), epsilon)), weight),
  layerNorm: (x, weight, bias, epsilon) => {
    const centered = sub(x, mean(x, -1));
    const scaled = mul(mul(centered, inverseRoot(mean(mul(centered, centered), -1), epsilon)), weight);
    return bias ? add(scaled, bias) : scaled;
  },
  silu: (x) => mul(x, sigmoid(x)),
  gelu,
  attention: plainAttention({ bias: causalBias, rotate: rotateHeads }),
};

/** 1/√(x + ε) */
function inverseRoot(x: Value, epsilon: number): Value {
  return reciprocal(sqrt(add(x, scalar(x, epsilon))));
}

/** Which tokens of a batch attend to which, and at what positions. */
export interface TokenOrder {
  /** Attention bias: which tokens (columns) a token (row) attends to, as `biasOf` returns it. [T,T] or [B,1,1,T,T]. */
  bias(q: Value, window: number | undefined): Value;
  /** Applies rotary positions. x: [B,T,heads·D] → same shape. */
  rotate(x: Value, heads: number, rotary: Rotary): Value;
}

/** Attention from matrix products and a softmax; `order.bias` is added to the scores. */
export function plainAttention(order: TokenOrder): Kernels["attention"] {
  return (q, k, v, { heads, keyValueHeads, headDim, scale, softCap, rotary, window }) => {
    const [batch, length] = [q.shape[0] ?? 1, q.shape[1] ?? 1];
    const group = heads / keyValueHeads;
    const toHeads = (x: Value, count: number): Value => reshape(x, [batch, length, count, headDim]);
    const rotated = (x: Value, count: number): Value =>
      toHeads(rotary ? order.rotate(x, count, rotary) : x, count);
    const grouped = (x: Value, permutation: readonly number[], ...rest: (number | string)[]): Value =>
      reshape(transpose(x, permutation), [batch, keyValueHeads, ...rest]);

    // Each group of query heads shares one key-value head: [B,KV,group,T,D] · [B,KV,1,D,T].
    const queries = grouped(rotated(q, heads), [0, 2, 1, 3], group, length, headDim);
    const keys = grouped(rotated(k, keyValueHeads), [0, 2, 3, 1], 1, headDim, length);
    const values = grouped(toHeads(v, keyValueHeads), [0, 2, 1, 3], 1, length, headDim);

    let scores = matMul(mul(queries, scalar(q, scale)), keys);
    if (softCap !== undefined) scores = mul(tanh(mul(scores, scalar(q, 1 / softCap))), scalar(q, softCap));
    const weights = softmax(add(scores, order.bias(q, window)));
    const mixed = reshape(matMul(weights, values), [batch, heads, length, headDim]);
    return reshape(transpose(mixed, [0, 2, 1, 3]), [batch, length, heads * headDim]);
  };
}

/** Rotates the first R dimensions of every head by its token's position. x: [B,T,heads·D] → same shape. */
export function rotateHeads(x: Value, heads: number, { cos, sin }: Rotary): Value {
  const [rows, tokens, width] = [x.shape[0] ?? 1, x.shape[1] ?? 1, Number(x.shape[2])];
  const headDim = width / heads;
  const half = Number(cos.shape.at(-1));
  const [batch, length] = cos.shape.length === 3 ? cos.shape : [1, cos.shape[0]];
  const perHead = (table: Value): Value => reshape(table, [batch ?? 1, length ?? 1, 1, half]);
  const [c, s] = [perHead(cos), perHead(sin)];
  const rest = headDim - 2 * half;
  const perToken = reshape(x, [rows, tokens, heads, headDim]);
  const [a, b, kept] = split(perToken, rest > 0 ? [half, half, rest] : [half, half], 3);
  if (!a || !b) throw new Error("a head cannot be split into rotary halves");
  const pair = [sub(mul(a, c), mul(b, s)), add(mul(b, c), mul(a, s))];
  return reshape(concat(kept ? [...pair, kept] : pair, 3), x.shape);
}

function causalBias(q: Value, window: number | undefined): Value {
  const length = q.shape[1] ?? 1;
  const positions = cast(range(q.graph, length), q.dtype);
  const distance = sub(reshape(positions, [length, 1]), reshape(positions, [1, length]));
  return biasOf(and(greater(distance, scalar(q, -0.5)), near(distance, window)), q);
}

/** Whether a distance in tokens is within the window; always true if `window` is undefined. */
export function near(distance: Value, window: number | undefined): Value {
  return less(distance, scalar(distance, (window ?? 1e9) - 0.5));
}

/** 0 for pairs of tokens that may attend, otherwise a number that softmax turns into 0. */
export function biasOf(isVisible: Value, like: Value): Value {
  return where(isVisible, scalar(like, 0), scalar(like, -1e9));
}
