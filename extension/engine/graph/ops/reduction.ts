/** Ops that sum over an axis. */
import { axisOf } from "../dim";
import type { Op, Value } from "../graph";
import { like, required, single } from "./operands";

interface Reduction {
  readonly axis: number;
}

function reduction(type: string): Op<Reduction> {
  return {
    type,
    attributes: () => ({ keepdims: { int: 1 } }),
    infer: (inputs, { axis }) => {
      const x = required(inputs, 0);
      const reduced = axisOf(axis, x.shape);
      return [{ dtype: x.dtype, shape: x.shape.map((dim, i) => (i === reduced ? 1 : dim)) }];
    },
  };
}

const meanOp = reduction("ReduceMean");
const sumOp = reduction("ReduceSum");

function reduce(op: Op<Reduction>, x: Value, axis: number): Value {
  const axes = x.graph.constant("int64", [axisOf(axis, x.shape)]);
  return single(x.graph.apply(op, [x, axes], { axis }));
}

/** Mean over one axis, which stays as size 1. */
export const mean = (x: Value, axis: number): Value => reduce(meanOp, x, axis);
/** Sum over one axis, which stays as size 1. */
export const sum = (x: Value, axis: number): Value => reduce(sumOp, x, axis);

const softmaxOp: Op<undefined> = {
  type: "Softmax",
  attributes: () => ({ axis: { int: -1 } }),
  infer: (inputs) => [like(required(inputs, 0))],
};

/** Softmax over the last axis. */
export const softmax = (x: Value): Value => single(x.graph.apply(softmaxOp, [x], undefined));

interface Norm {
  readonly epsilon: number;
}

/** Not an operator of the ONNX standard, though the runtime files it under that domain. */
const rmsNormOp: Op<Norm> = {
  type: "SimplifiedLayerNormalization",
  attributes: ({ epsilon }) => ({ axis: { int: -1 }, epsilon: { float: epsilon } }),
  infer: (inputs) => [like(required(inputs, 0))],
};

/** x / √(mean x² + ε) · weight over the last axis. x: […,H], weight: [H]. */
export function simplifiedLayerNormalization(x: Value, weight: Value, epsilon: number): Value {
  return single(x.graph.apply(rmsNormOp, [x, weight], { epsilon }));
}

const layerNormOp: Op<Norm> = { ...rmsNormOp, type: "LayerNormalization" };

/** (x − mean) / √(variance + ε) · weight + bias over the last axis. x: […,H], weight, bias: [H]. */
export function layerNormalization(x: Value, weight: Value, bias: Value | undefined, epsilon: number): Value {
  return single(x.graph.apply(layerNormOp, bias ? [x, weight, bias] : [x, weight], { epsilon }));
}
