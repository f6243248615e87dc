/** Gradient checks of elementwise ops. */
import type { Value } from "../../../../extension/engine/graph/graph";
import { gelu, quickGelu, relu, softplus } from "../../../../extension/engine/graph/ops/activation";
import {
  add,
  cast,
  cos,
  div,
  erf,
  exp,
  log,
  maximum,
  mul,
  neg,
  reciprocal,
  sigmoid,
  sin,
  sqrt,
  sub,
  tanh,
  where,
} from "../../../../extension/engine/graph/ops/elementwise";
import { scalar } from "../../../../extension/engine/graph/ops/operands";
import type { Case } from "./gradient-check";

const binary = [add, sub, mul, div, maximum].flatMap((of): Case[] => [
  { of, inputs: [{ shape: ["B", "T", 2] }, { shape: ["B", "T", 2] }], build: of },
  {
    of,
    detail: "left operand broadcast",
    inputs: [{ shape: ["T", 1] }, { shape: ["B", "T", 2] }],
    build: of,
  },
  { of, detail: "right operand broadcast", inputs: [{ shape: ["B", "T", 2] }, { shape: [2] }], build: of },
  { of, detail: "both operands broadcast", inputs: [{ shape: ["B", 1, 2] }, { shape: ["T", 1] }], build: of },
  { of, detail: "by a scalar", inputs: [{ shape: ["B*T"] }, { shape: [] }], build: of },
  { of, detail: "with itself", inputs: [{ shape: ["B", 2] }], build: (x) => add(of(x, x), x) },
]);

const unary = [neg, reciprocal, exp, sigmoid, tanh, cos, sin, relu].map(
  (of): Case => ({ of, inputs: [{ shape: ["B", "T"] }], build: of }),
);

const ofPositive = [sqrt, log].map(
  (of): Case => ({ of, inputs: [{ shape: ["B", "T"], positive: true }], build: of }),
);

const bits = { shape: ["B", "T"], indices: [0, 1, 1, 0, 1, 0] };
const whole = { shape: ["B", "T"] };
const choices: readonly [string, Case["inputs"]][] = [
  ["none spread", [bits, whole, whole]],
  ["left operand broadcast", [bits, { shape: ["T"] }, whole]],
  ["right operand broadcast", [bits, whole, { shape: ["B", 1] }]],
  ["both operands broadcast", [bits, { shape: ["T"] }, { shape: [1] }]],
  ["condition spread", [{ shape: ["T"], indices: [0, 1, 0] }, whole, whole]],
];
const chosen = choices.map(
  ([detail, inputs]): Case => ({
    of: where,
    detail,
    inputs,
    build: (condition, a, b) => where(cast(condition, "bool"), a, b),
  }),
);

/** erf from 20 terms of its series (https://dlmf.nist.gov/7.6.E1): exact to rounding for the checked values. */
function erfSeries(x: Value): Value {
  const square = neg(mul(x, x));
  let rest = scalar(x, 0);
  for (let n = 20; n > 0; n--) rest = div(mul(square, add(scalar(x, 1 / (2 * n + 1)), rest)), scalar(x, n));
  return mul(mul(x, scalar(x, 2 / Math.sqrt(Math.PI))), add(scalar(x, 1), rest));
}

const half = (x: Value): Value => mul(x, scalar(x, 0.5));

function tanhGelu(x: Value): Value {
  const cube = mul(x, mul(x, x));
  const inner = mul(scalar(x, Math.sqrt(2 / Math.PI)), add(x, mul(scalar(x, 0.044715), cube)));
  return mul(half(x), add(scalar(x, 1), tanh(inner)));
}

const single = { inputs: [{ shape: ["B", "T"] }], dtype: "float32" } as const;

/** Most of these ops have only float32 kernels on the CPU. */
const inFloat32: readonly Case[] = [
  { ...single, of: erf, build: erf, formula: erfSeries },
  { ...single, of: softplus, build: softplus, formula: (x) => log(add(scalar(x, 1), exp(x))) },
  {
    ...single,
    of: gelu,
    detail: "erf",
    build: (x) => gelu(x, "erf"),
    formula: (x) => mul(half(x), add(scalar(x, 1), erfSeries(div(x, scalar(x, Math.SQRT2))))),
  },
  { ...single, of: gelu, detail: "tanh", build: (x) => gelu(x, "tanh"), formula: tanhGelu },
  { ...single, of: relu, detail: "in float32", build: relu, formula: (x) => maximum(x, scalar(x, 0)) },
  ...[1, 1.5].map(
    (alpha): Case => ({
      ...single,
      of: quickGelu,
      detail: `${alpha}`,
      build: (x) => quickGelu(x, alpha),
      // Not x·σ(αx), which the runtime would fuse into QuickGelu, and that has no float64 kernel.
      formula: (x) => div(x, add(scalar(x, 1), exp(mul(x, scalar(x, -alpha))))),
    }),
  ),
];

const tanhGeluInFloat64: Case = {
  of: gelu,
  detail: "tanh, in float64",
  inputs: [{ shape: ["B", "T"] }],
  build: (x) => gelu(x, "tanh"),
};

const casts: readonly Case[] = [
  {
    of: cast,
    detail: "up",
    dtype: "float32",
    inputs: [{ shape: ["B", "T"] }],
    build: (x) => sin(cast(x, "float64")),
    formula: sin,
  },
  {
    of: cast,
    detail: "down and up",
    dtype: "float32",
    inputs: [{ shape: ["B", "T"] }],
    build: (x) => sin(cast(mul(cast(x, "float64"), cast(x, "float64")), "float32")),
    formula: (x) => sin(mul(x, x)),
  },
];

export const elementwiseCases: readonly Case[] = [
  ...binary,
  ...unary,
  ...ofPositive,
  ...chosen,
  ...inFloat32,
  tanhGeluInFloat64,
  ...casts,
];
