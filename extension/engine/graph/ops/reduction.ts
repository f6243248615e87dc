/** Ops that sum over an axis. */
import { axisOf } from "../dim";
import type { Op, Value } from "../graph";
import { like, misfit, required, single } from "./operands";

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

function norm(type: string): Op<Norm> {
  return {
    type,
    attributes: ({ epsilon }) => ({ axis: { int: -1 }, epsilon: { float: epsilon } }),
    infer: (inputs) => {
      const [x, ...parameters] = inputs;
      const width = x?.shape.at(-1);
      if (!parameters.every((p) => p?.shape.length === 1 && p.shape[0] === width)) throw misfit(type, inputs);
      return [like(required(inputs, 0))];
    },
  };
}

/** Not an operator of the ONNX standard, though the runtime files it under that domain. */
const rmsNormOp = norm("SimplifiedLayerNormalization");

/** x / √(mean x² + ε) · weight over the last axis. x: […,H], weight: [H]. */
export function simplifiedLayerNormalization(x: Value, weight: Value, epsilon: number): Value {
  return single(x.graph.apply(rmsNormOp, [x, weight], { epsilon }));
}

const layerNormOp = norm("LayerNormalization");

/** (x − mean) / √(variance + ε) · weight + bias over the last axis. x: […,H], weight, bias: [H]. */
export function layerNormalization(x: Value, weight: Value, bias: Value | undefined, epsilon: number): Value {
  return single(x.graph.apply(layerNormOp, bias ? [x, weight, bias] : [x, weight], { epsilon }));
}
