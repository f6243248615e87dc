/** Layers lowered to plain, differentiable ONNX operators: exact everywhere, not the fastest. */
import type { Value } from "../graph/graph";
import {
  add,
  and,
  cast,
  gelu,
  greater,
  less,
  mul,
  reciprocal,
  sigmoid,
  sqrt,
  sub,
  tanh,
  where,
} from "../graph/ops/elementwise";
import { concat, range, reshape, split, transpose } from "../graph/ops/layout";
import { matMul } from "../graph/ops/matrix";
import { mean, softmax } from "../graph/ops/reduction";
import type { AttentionOptions, Kernels, Rotary } from "./kernels";

export const primitive: Kernels = {
  rmsNorm: (x, weight, epsilon) => mul(mul(x, inverseRoot(mean(mul(x, x), -1), epsilon)), weight),
  layerNorm: (x, weight, bias, epsilon) => {
    const centred = sub(x, mean(x, -1));
    const scaled = mul(mul(centred, inverseRoot(mean(mul(centred, centred), -1), epsilon)), weight);
    return bias ? add(scaled, bias) : scaled;
  },
  silu: (x) => mul(x, sigmoid(x)),
  gelu,
  attention,
};

/** 1/√(x + ε) */
function inverseRoot(x: Value, epsilon: number): Value {
  return reciprocal(sqrt(add(x, x.graph.constant("float32", [epsilon]))));
}

function attention(q: Value, k: Value, v: Value, options: AttentionOptions): Value {
  const { heads, keyValueHeads, headDim, scale, softCap, rotary } = options;
  const { graph } = q;
  const constant = (value: number): Value => graph.constant("float32", [value]);
  const [batch, length] = [q.shape[0] ?? 1, q.shape[1] ?? 1];
  const group = heads / keyValueHeads;
  const toHeads = (x: Value, count: number): Value => reshape(x, [batch, length, count, headDim]);
  const rotated = (x: Value, count: number): Value =>
    rotary ? rotate(toHeads(x, count), rotary) : toHeads(x, count);

  // Every group of query heads shares one key and value head: [B,KV,group,T,D] against [B,KV,1,T,D].
  const queries = reshape(transpose(rotated(q, heads), [0, 2, 1, 3]), [
    batch,
    keyValueHeads,
    group,
    length,
    headDim,
  ]);
  const keys = reshape(transpose(rotated(k, keyValueHeads), [0, 2, 3, 1]), [
    batch,
    keyValueHeads,
    1,
    headDim,
    length,
  ]);
  const values = reshape(transpose(toHeads(v, keyValueHeads), [0, 2, 1, 3]), [
    batch,
    keyValueHeads,
    1,
    length,
    headDim,
  ]);

  let scores = mul(matMul(queries, keys), constant(scale));
  if (softCap !== undefined) scores = mul(tanh(mul(scores, constant(1 / softCap))), constant(softCap));
  const weights = softmax(add(scores, causalBias(q, options.window)));
  const mixed = reshape(matMul(weights, values), [batch, heads, length, headDim]);
  return reshape(transpose(mixed, [0, 2, 1, 3]), [batch, length, heads * headDim]);
}

/** Rotates the first R dimensions of every head by its position. x: [B,T,N,D] → [B,T,N,D]. */
export function rotate(x: Value, { cos, sin }: Rotary): Value {
  const headDim = Number(x.shape[3]);
  const half = Number(cos.shape[1]);
  const length = cos.shape[0] ?? 1;
  const [c, s] = [reshape(cos, [1, length, 1, half]), reshape(sin, [1, length, 1, half])];
  const rest = headDim - 2 * half;
  const [a, b, kept] = split(x, rest > 0 ? [half, half, rest] : [half, half], 3);
  if (!a || !b) throw new Error("a head cannot be split into rotary halves");
  const turned = [sub(mul(a, c), mul(b, s)), add(mul(b, c), mul(a, s))];
  return concat(kept ? [...turned, kept] : turned, 3);
}

/** 0 where a token (row) may see another (column), else a number that softmax turns into 0: [T,T]. */
function causalBias(q: Value, window: number | undefined): Value {
  const { graph } = q;
  const length = q.shape[1] ?? 1;
  const positions = cast(range(graph, length), "float32");
  const distance = sub(reshape(positions, [length, 1]), reshape(positions, [1, length]));
  const visible = greater(distance, graph.constant("float32", [-0.5]));
  const near =
    window === undefined ? visible : and(visible, less(distance, graph.constant("float32", [window - 0.5])));
  return where(near, graph.constant("float32", [0]), graph.constant("float32", [-1e9]));
}
