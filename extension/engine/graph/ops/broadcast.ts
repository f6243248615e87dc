/** Broadcasting a value over axes and summing over axes: each is the other's gradient. */
import { axisOf, broadcast, printShape, type Shape, sameShape } from "../dim";
import type { Op, Value } from "../graph";
import { concat, reshape, shapeOf, sizeOf } from "./layout";
import { misfit, none, parts, required, single } from "./operands";

const expandOp: Op<{ readonly shape: Shape }> = {
  type: "Expand",
  attributes: none,
  infer: (inputs, { shape }) => {
    const x = required(inputs, 0);
    const result = broadcast(x.shape, shape);
    if (!result) throw misfit(`Expand to ${printShape(shape)}`, inputs);
    return [{ dtype: x.dtype, shape: result }];
  },
  backward: (call) => {
    const { a, g } = parts(call);
    return [() => unbroadcast(g, a.shape)];
  },
};

/** x broadcast to a shape. */
export function expand(x: Value, shape: Shape): Value {
  const { graph } = x;
  const target = concat(
    shape.map((dim) => sizeOf(graph, dim)),
    0,
  );
  return single(graph.apply(expandOp, [x, target], { shape }));
}

/** x broadcast to the shape of another value. */
export function expandLike(x: Value, other: Value): Value {
  if (sameShape(x.shape, other.shape)) return x;
  return single(x.graph.apply(expandOp, [x, shapeOf(other)], { shape: other.shape }));
}

const sumOp: Op<{ readonly axes: readonly number[] }> = {
  type: "ReduceSum",
  attributes: () => ({ keepdims: { int: 1 } }),
  infer: (inputs, { axes }) => {
    const x = required(inputs, 0);
    return [{ dtype: x.dtype, shape: x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim)) }];
  },
  backward: (call) => {
    const { a, g } = parts(call);
    return [() => expandLike(g, a)];
  },
};

/** Sum over one or more axes, which are kept with size 1. */
export function sum(x: Value, ...axes: number[]): Value {
  const reduced = axes.map((axis) => axisOf(axis, x.shape));
  return single(x.graph.apply(sumOp, [x, x.graph.constant("int64", reduced)], { axes: reduced }));
}

/** Sums a gradient over the axes along which a value of `shape` was broadcast. Returns a value of `shape`. */
export function unbroadcast(gradient: Value, shape: Shape): Value {
  const added = gradient.shape.length - shape.length;
  const spread = gradient.shape.flatMap((dim, i) => {
    const own = shape[i - added];
    return i < added || (own === 1 && dim !== 1) ? [i] : [];
  });
  const summed = spread.length > 0 ? sum(gradient, ...spread) : gradient;
  return sameShape(summed.shape, shape) ? summed : reshape(summed, shape);
}
