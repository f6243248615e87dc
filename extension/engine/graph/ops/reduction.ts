/** Means, softmax and log-sum-exp over an axis. */
import { axisOf } from "../dim";
import type { Op, Value } from "../graph";
import { expandLike, sum } from "./broadcast";
import { cast, div, mul, sub } from "./elementwise";
import { sizeAlong } from "./layout";
import { like, parts, required, scalar, single } from "./operands";

const meanOp: Op<{ readonly axis: number }> = {
  type: "ReduceMean",
  attributes: () => ({ keepdims: { int: 1 } }),
  infer: (inputs, { axis }) => {
    const x = required(inputs, 0);
    return [{ dtype: x.dtype, shape: x.shape.map((dim, i) => (i === axis ? 1 : dim)) }];
  },
  backward: (call) => {
    const { a, g } = parts(call);
    const size = a.shape[call.options.axis];
    const count = typeof size === "number" ? scalar(g, size) : cast(sizeAlong(a, call.options.axis), g.dtype);
    return [() => expandLike(div(g, count), a)];
  },
};

/** Mean over one axis, which is kept with size 1. */
export function mean(x: Value, axis: number): Value {
  const reduced = axisOf(axis, x.shape);
  const axes = x.graph.constant("int64", [reduced]);
  return single(x.graph.apply(meanOp, [x, axes], { axis: reduced }));
}

const softmaxOp: Op<undefined> = {
  type: "Softmax",
  attributes: () => ({ axis: { int: -1 } }),
  infer: (inputs) => [like(required(inputs, 0))],
  backward: (call) => {
    const { y, g } = parts(call);
    return [() => mul(y, sub(g, sum(mul(g, y), -1)))];
  },
};

/** Softmax over the last axis. */
export const softmax = (x: Value): Value => single(x.graph.apply(softmaxOp, [x], undefined));

const logSumExpOp: Op<undefined> = {
  type: "ReduceLogSumExp",
  attributes: () => ({ keepdims: { int: 1 } }),
  infer: (inputs) => {
    const x = required(inputs, 0);
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] }];
  },
  backward: (call) => {
    const { a, g } = parts(call);
    return [() => mul(g, softmax(a))];
  },
};

/** ln Σ eˣ over the last axis, without overflow; the axis is kept with size 1. */
export function logSumExp(x: Value): Value {
  const axes = x.graph.constant("int64", [x.shape.length - 1]);
  return single(x.graph.apply(logSumExpOp, [x, axes], undefined));
}
