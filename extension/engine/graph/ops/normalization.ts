/** Norms over the last axis, as fused kernels. x: [N,H], or […,H] if no gradient is needed. */
import type { Op, Value } from "../graph";
import { unbroadcast } from "./broadcast";
import { mul, sub } from "./elementwise";
import { like, misfit, parts, required, single } from "./operands";
import { mean } from "./reduction";

interface Norm {
  readonly epsilon: number;
}

/** An op with outputs y and as many `statistics` for the backward rule, each […,1]; without them, no rule. */
function norm(type: string, statistics: number, backward: NonNullable<Op<Norm>["backward"]>): Op<Norm> {
  return {
    type,
    attributes: ({ epsilon }) => ({ axis: { int: -1 }, epsilon: { float: epsilon } }),
    infer: (inputs) => {
      const [x, ...parameters] = inputs;
      const width = x?.shape.at(-1);
      if (!x || !parameters.every((p) => p?.shape.length === 1 && p.shape[0] === width))
        throw misfit(type, inputs);
      const statistic = { dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] };
      return [like(x), ...Array.from({ length: statistics }, () => statistic)];
    },
    ...(statistics > 0 && { backward }),
  };
}

/** y = x̂·w with x̂ = x·r and r = 1/√(mean x² + ε): ∂x = r·(g·w − x̂·mean(g·w·x̂)). */
const rmsBackward: NonNullable<Op<Norm>["backward"]> = (call) => {
  const { a: x, b: weight, g } = parts(call);
  const r = required(call.outputs, 1);
  let product: Value | undefined;
  const normal = mul(x, r);
  const flow = (): Value => {
    product ??= mul(g, normal);
    return product;
  };
  return [
    () => mul(r, sub(mul(g, weight), mul(normal, mean(mul(flow(), weight), -1)))),
    () => unbroadcast(flow(), weight.shape),
  ];
};

/** y = x̂·w + b with x̂ = (x − mean)·r and r = 1/√(variance + ε): ∂x = r·(g·w − mean(g·w) − x̂·mean(g·w·x̂)). */
const layerBackward: NonNullable<Op<Norm>["backward"]> = (call) => {
  const { a: x, b: weight, g } = parts(call);
  const [center, r] = [required(call.outputs, 1), required(call.outputs, 2)];
  const bias = call.inputs[2];
  const normal = mul(sub(x, center), r);
  return [
    () => {
      const flow = mul(g, weight);
      return mul(r, sub(sub(flow, mean(flow, -1)), mul(normal, mean(mul(flow, normal), -1))));
    },
    () => unbroadcast(mul(g, normal), weight.shape),
    bias && (() => unbroadcast(g, bias.shape)),
  ];
};

/** Not in the ONNX standard, although the runtime registers it in the standard domain. */
const rmsName = "SimplifiedLayerNormalization";
const rmsNormOp = norm(rmsName, 0, rmsBackward);
const differentiableRmsNormOp = norm(rmsName, 1, rmsBackward);
const layerNormOp = norm("LayerNormalization", 0, layerBackward);
const differentiableLayerNormOp = norm("LayerNormalization", 2, layerBackward);

/** x / √(mean x² + ε) · weight over the last axis. x: […,H], weight: [H]. */
export function simplifiedLayerNormalization(x: Value, weight: Value, epsilon: number): Value {
  return single(x.graph.apply(rmsNormOp, [x, weight], { epsilon }));
}

/** The same operator with a backward rule. Its second output prevents the runtime from fusing it with a preceding Add. */
export function differentiableRmsNorm(x: Value, weight: Value, epsilon: number): Value {
  return required(x.graph.apply(differentiableRmsNormOp, [x, weight], { epsilon }), 0);
}

/** (x − mean) / √(variance + ε) · weight + bias over the last axis. x: […,H], weight, bias: [H]. */
export function layerNormalization(x: Value, weight: Value, bias: Value | undefined, epsilon: number): Value {
  return single(x.graph.apply(layerNormOp, bias ? [x, weight, bias] : [x, weight], { epsilon }));
}

/** The same operator with a backward rule. */
export function differentiableLayerNorm(
  x: Value,
  weight: Value,
  bias: Value | undefined,
  epsilon: number,
): Value {
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return required(x.graph.apply(differentiableLayerNormOp, inputs, { epsilon }), 0);
}
