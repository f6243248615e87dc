/** Activation functions. */
import type { Op, Value } from "../graph";
import {
  add,
  div,
  erf,
  exp,
  greater,
  log,
  maximum,
  mul,
  neg,
  sigmoid,
  sub,
  tanh,
  where,
} from "./elementwise";
import { applied, like, none, parts, required, scalar, single } from "./operands";

const reluOp: Op<undefined> = {
  type: "Relu",
  attributes: none,
  infer: (inputs) => [like(required(inputs, 0))],
  backward: (call) => {
    const { y, g } = parts(call);
    return [() => where(greater(y, scalar(y, 0)), g, scalar(g, 0))];
  },
};

export const relu = (x: Value): Value => applied(reluOp, x);

/** ln(1 + eˣ) = −ln σ(−x), without overflow. Built from other ops because ONNX Runtime's kernel lacks float64. */
export function softplus(x: Value): Value {
  const small = exp(neg(maximum(x, neg(x))));
  return add(maximum(x, scalar(x, 0)), log(add(scalar(x, 1), small)));
}

type GeluForm = "erf" | "tanh";

const geluOp: Op<GeluForm> = {
  type: "Gelu",
  attributes: (form) => ({ approximate: { string: form === "tanh" ? "tanh" : "none" } }),
  infer: (inputs) => [like(required(inputs, 0))],
  backward: (call) => {
    const { a, g } = parts(call);
    return [() => mul(g, call.options === "tanh" ? tanhGeluSlope(a) : erfGeluSlope(a))];
  },
};

/** Gaussian error linear unit: exact (erf) or the tanh approximation. */
export function gelu(x: Value, form: GeluForm): Value {
  return single(x.graph.apply(geluOp, [x], form));
}

/** Derivative of x·Φ(x): Φ(x) + x·φ(x), with Φ and φ of the standard normal distribution. */
function erfGeluSlope(x: Value): Value {
  const half = scalar(x, 0.5);
  const cumulative = mul(half, add(scalar(x, 1), erf(div(x, scalar(x, Math.SQRT2)))));
  const density = mul(scalar(x, 1 / Math.sqrt(2 * Math.PI)), exp(neg(mul(half, mul(x, x)))));
  return add(cumulative, mul(x, density));
}

/** Derivative of ½x(1 + tanh u) with u = √(2/π)(x + 0.044715x³). */
function tanhGeluSlope(x: Value): Value {
  const [rate, cubic] = [Math.sqrt(2 / Math.PI), 0.044715];
  const one = scalar(x, 1);
  const square = mul(x, x);
  const t = tanh(mul(mul(x, scalar(x, rate)), add(one, mul(square, scalar(x, cubic)))));
  const inner = mul(scalar(x, rate), add(one, mul(square, scalar(x, 3 * cubic))));
  const outer = mul(mul(x, sub(one, mul(t, t))), inner);
  return mul(scalar(x, 0.5), add(add(one, t), outer));
}

const quickGeluOp: Op<number> = {
  type: "QuickGelu",
  domain: "com.microsoft",
  attributes: (alpha) => ({ alpha: { float: alpha } }),
  infer: (inputs) => [like(required(inputs, 0))],
  backward: (call) => {
    const { a, y, g } = parts(call);
    const alpha = scalar(a, call.options);
    // y = x·s with s = σ(αx): y' = s + αy(1 − s).
    const slope = (): Value => {
      const s = sigmoid(mul(a, alpha));
      return add(s, mul(mul(alpha, y), sub(scalar(a, 1), s)));
    };
    return [() => mul(g, slope())];
  },
};

/** x·σ(αx); SiLU if α = 1. */
export function quickGelu(x: Value, alpha: number): Value {
  return single(x.graph.apply(quickGeluOp, [x], alpha));
}
