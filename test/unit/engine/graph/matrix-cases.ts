/** Gradient checks of matrix products, means, softmax and norms. */
import type { Shape } from "../../../../extension/engine/graph/dim";
import type { Value } from "../../../../extension/engine/graph/graph";
import { add, mul, reciprocal, sqrt, sub } from "../../../../extension/engine/graph/ops/elementwise";
import { gather } from "../../../../extension/engine/graph/ops/indexing";
import { concat, reshape, split } from "../../../../extension/engine/graph/ops/layout";
import { gemm, matMul } from "../../../../extension/engine/graph/ops/matrix";
import {
  differentiableLayerNorm,
  differentiableRmsNorm,
} from "../../../../extension/engine/graph/ops/normalization";
import { scalar } from "../../../../extension/engine/graph/ops/operands";
import { logSumExp, mean, softmax } from "../../../../extension/engine/graph/ops/reduction";
import { rotaryEmbedding } from "../../../../extension/engine/graph/ops/rotary";
import type { Case } from "./gradient-check";

const factors: readonly [string, Shape, Shape][] = [
  ["matrices", ["B", 3], [3, "T"]],
  ["batches", ["B", 2, "T", 4], ["B", 2, 4, "T"]],
  ["left batch missing", ["T", 3], ["B", 3, 2]],
  ["right batch missing", ["B", "T", 3], [3, 2]],
  ["both batches spread", ["B", 1, 2, 3], ["T", 3, 2]],
  ["a symbolic inner axis", ["B", 2, "T"], ["B", "T", 2]],
];
const products = factors.map(
  ([detail, a, b]): Case => ({ of: matMul, detail, inputs: [{ shape: a }, { shape: b }], build: matMul }),
);

const biases: readonly (Shape | undefined)[] = [undefined, [4], ["N", 4], ["N", 1], [1, 4], [1], []];
const transpositions = [false, true].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })));
const gemms = transpositions.flatMap(({ transA, transB }) =>
  biases.map((bias): Case => {
    const operands = [{ shape: transA ? [3, "N"] : ["N", 3] }, { shape: transB ? [4, 3] : [3, 4] }];
    const options = { transA, transB, ...(bias?.length === 1 ? { alpha: 0.5 } : {}) };
    return {
      of: gemm,
      detail: `${JSON.stringify(options)}, bias ${bias ? `[${bias}]` : "absent"}`,
      inputs: bias ? [...operands, { shape: bias }] : operands,
      build: (a, b, c) => gemm(a, b, { ...options, bias: c }),
    };
  }),
);

const reductions: readonly Case[] = [
  ...[0, 1, 2, -1].map(
    (axis): Case => ({
      of: mean,
      detail: `axis ${axis}`,
      inputs: [{ shape: ["B", "T", 4] }],
      build: (x) => mean(x, axis),
    }),
  ),
  { of: mean, detail: "over a symbolic product", inputs: [{ shape: ["B*T", 2] }], build: (x) => mean(x, 0) },
  ...[softmax, logSumExp].flatMap((of): Case[] => [
    { of, inputs: [{ shape: ["B", 4] }], build: of },
    { of, detail: "over a symbolic axis", inputs: [{ shape: ["B", 2, "T"] }], build: of },
  ]),
];

/** Large enough that a backward rule that omits it fails. */
const epsilon = 0.25;
const normalized = (x: Value): Value =>
  mul(x, reciprocal(sqrt(add(mean(mul(x, x), -1), scalar(x, epsilon)))));
const centered = (x: Value): Value => sub(x, mean(x, -1));
const [rows, vector] = [{ shape: ["B*T", 5] }, { shape: [5] }];

const norms: readonly Case[] = [
  {
    of: differentiableRmsNorm,
    inputs: [rows, vector],
    build: (x, weight) => differentiableRmsNorm(x, weight, epsilon),
    formula: (x, weight) => mul(normalized(x), weight),
  },
  {
    of: differentiableLayerNorm,
    detail: "without a bias",
    inputs: [rows, vector],
    build: (x, weight) => differentiableLayerNorm(x, weight, undefined, epsilon),
    formula: (x, weight) => mul(normalized(centered(x)), weight),
  },
  {
    of: differentiableLayerNorm,
    detail: "with a bias",
    inputs: [rows, vector, vector],
    build: (x, weight, bias) => differentiableLayerNorm(x, weight, bias, epsilon),
    formula: (x, weight, bias) => add(mul(normalized(centered(x)), weight), bias),
  },
];

/** Two heads of four dimensions, of which two are rotated. cos and sin are inputs without gradients. */
const rotations: readonly Case[] = [
  {
    of: rotaryEmbedding,
    dtype: "float32",
    inputs: [{ shape: [2, 3, 8] }],
    build: (x) => rotaryEmbedding(x, rowPositions(x), turns(x), { heads: 2, width: 2 }),
    formula: (x) => {
      const heads = reshape(x, [2, 3, 2, 4]);
      const [a, b, kept] = split(heads, [1, 1, 2], 3) as [Value, Value, Value];
      const { cos, sin } = turns(x);
      const [c, s] = [cos, sin].map((table) => reshape(gather(table, rowPositions(x)), [2, 3, 1, 1])) as [
        Value,
        Value,
      ];
      return reshape(concat([sub(mul(a, c), mul(b, s)), add(mul(b, c), mul(a, s)), kept], 3), [2, 3, 8]);
    },
  },
];

/** Rows that start at different positions. */
function rowPositions({ graph }: Value): Value {
  return graph.constant("int64", [0, 1, 2, 2, 0, 1], [2, 3]);
}

function turns(x: Value): { cos: Value; sin: Value } {
  const dtype = x.dtype === "float64" ? "float64" : "float32";
  const table = (f: (angle: number) => number): Value =>
    x.graph.constant(dtype, [0.3, 1.1, 2.5].map(f), [3, 1]);
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

export const matrixCases: readonly Case[] = [
  ...rotations,
  ...products,
  ...gemms,
  ...reductions,
  ...norms.map((norm): Case => ({ ...norm, dtype: "float32" })),
];
