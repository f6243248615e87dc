/** Evaluates every op in ONNX Runtime, and compares its values and inferred shape with plain arithmetic. */
import { describe, expect, it } from "vitest";
import type { Value } from "../../../../extension/engine/graph/graph";
import { gelu, quickGelu, relu } from "../../../../extension/engine/graph/ops/activation";
import { expand, sum } from "../../../../extension/engine/graph/ops/broadcast";
import {
  add,
  and,
  cast,
  cos,
  div,
  greater,
  less,
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
import { gather } from "../../../../extension/engine/graph/ops/indexing";
import {
  concat,
  range,
  reshape,
  sizeOf,
  split,
  transpose,
} from "../../../../extension/engine/graph/ops/layout";
import { gemm, matMul } from "../../../../extension/engine/graph/ops/matrix";
import {
  layerNormalization,
  simplifiedLayerNormalization,
} from "../../../../extension/engine/graph/ops/normalization";
import { mean, softmax } from "../../../../extension/engine/graph/ops/reduction";
import { evaluate } from "./evaluate";

const rows = [
  [0.5, -1.25, 2],
  [3, 0.1, -0.4],
];
const flat = rows.flat();
const constant = (x: Value, values: readonly number[], shape?: readonly number[]): Value =>
  x.graph.constant("float32", values, shape);

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5);
  });
}

const logistic = (v: number): number => 1 / (1 + Math.exp(-v));

describe("elementwise ops", () => {
  const unary: readonly [string, (x: Value) => Value, (v: number) => number][] = [
    ["neg", neg, (v) => -v],
    ["sqrt", (x) => sqrt(mul(x, x)), Math.abs],
    ["reciprocal", reciprocal, (v) => 1 / v],
    ["sigmoid", sigmoid, logistic],
    ["tanh", tanh, Math.tanh],
    ["relu", relu, (v) => Math.max(v, 0)],
    ["cos", cos, Math.cos],
    ["sin", sin, Math.sin],
    ["quickGelu", (x) => quickGelu(x, 1.5), (v) => v * logistic(1.5 * v)],
    [
      "gelu in tanh form",
      (x) => gelu(x, "tanh"),
      (v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))),
    ],
    ["cast", (x) => cast(cast(x, "int32"), "float32"), Math.trunc],
  ];
  it.each(unary)("%s", async (_, build, expected) => {
    const { dims, values } = await evaluate(build, rows);
    expect(dims).toEqual([2, 3]);
    expectClose(values, flat.map(expected));
  });

  it("exact gelu", async () => {
    // x·Φ(x) from tables of the normal distribution.
    const { values } = await evaluate((x) => gelu(x, "erf"), [[1, -1, 2]]);
    expectClose(values, [0.8413447, -0.1586553, 1.9544997]);
  });

  const binary: readonly [string, (a: Value, b: Value) => Value, (a: number, b: number) => number][] = [
    ["add", add, (a, b) => a + b],
    ["sub", sub, (a, b) => a - b],
    ["mul", mul, (a, b) => a * b],
    ["div", div, (a, b) => a / b],
    ["maximum", maximum, Math.max],
    ["greater", greater, (a, b) => Number(a > b)],
    ["less", less, (a, b) => Number(a < b)],
    ["and", (a, b) => and(greater(a, b), less(a, constant(a, [2.5]))), (a, b) => Number(a > b && a < 2.5)],
    ["where", (a, b) => where(greater(a, b), a, b), Math.max],
  ];
  it.each(binary)("%s, broadcast", async (_, build, expected) => {
    const { dims, values } = await evaluate((x) => build(x, constant(x, [0.25, 0.75], [2, 1])), rows);
    expect(dims).toEqual([2, 3]);
    expectClose(
      values,
      flat.map((v, i) => expected(v, i < 3 ? 0.25 : 0.75)),
    );
  });
});

describe("ops that move elements", () => {
  it("reshape with two unknown sizes", async () => {
    const { dims, values } = await evaluate(
      (x) => reshape(reshape(x, ["B*T", 1]), ["T", 1, "B"]),
      rows,
      [0],
      ["B", "T"],
    );
    expect(dims).toEqual([3, 1, 2]);
    expect(values).toEqual(flat.map(Math.fround));
  });

  it("transpose", async () => {
    const { dims, values } = await evaluate((x) => transpose(x, [1, 0]), rows);
    expect(dims).toEqual([3, 2]);
    expectClose(values, [0.5, 3, -1.25, 0.1, 2, -0.4]);
  });

  it("split and concat", async () => {
    const swapped = (x: Value): Value => {
      const [a, b] = split(x, [1, 2], 1);
      if (!a || !b) throw new Error("split gave too little");
      expect([a.shape, b.shape]).toEqual([
        [2, 1],
        [2, 2],
      ]);
      return concat([b, a], -1);
    };
    expectClose((await evaluate(swapped, rows)).values, [-1.25, 2, 0.5, 0.1, -0.4, 3]);
  });

  it("gather", async () => {
    const table = [1, 2, 3, 4, 5, 6];
    const { dims, values } = await evaluate(
      (x, i) => gather(constant(x, table, [3, 2]), i),
      [[0]],
      [2, 0, 2],
    );
    expect(dims).toEqual([3, 2]);
    expect(values).toEqual([5, 6, 1, 2, 5, 6]);
  });

  it("expand, range and sizeOf", async () => {
    const ramp = (x: Value): Value => expand(cast(range(x.graph, "T"), "float32"), ["B", "T"]);
    expect((await evaluate(ramp, rows, [0], ["B", "T"])).values).toEqual([0, 1, 2, 0, 1, 2]);
    const sizes = (x: Value): Value => concat([sizeOf(x.graph, "T"), sizeOf(x.graph, 7)], 0);
    expect((await evaluate(sizes, rows, [0], ["B", "T"])).values).toEqual([3, 7]);
  });
});

describe("products and sums", () => {
  // b: [3,2], row-major; product: x·b, [2,2], for x: [2,3].
  const b = [1, 2, 3, 4, 5, 6];
  const product = [0.5 - 3.75 + 10, 1 - 5 + 12, 3 + 0.3 - 2, 6 + 0.4 - 2.4];

  it("matMul with broadcast batches", async () => {
    const build = (x: Value): Value => matMul(reshape(x, [1, 2, 3]), constant(x, [...b, ...b], [2, 3, 2]));
    const { dims, values } = await evaluate(build, rows);
    expect(dims).toEqual([2, 2, 2]);
    expectClose(values, [...product, ...product]);
  });

  it("gemm with either operand transposed and a bias", async () => {
    const bT = [1, 3, 5, 2, 4, 6];
    const bias = [10, 20];
    const builds: ((x: Value) => Value)[] = [
      (x) => gemm(x, constant(x, b, [3, 2]), { bias: constant(x, bias) }),
      (x) => gemm(x, constant(x, bT, [2, 3]), { transB: true, bias: constant(x, bias) }),
      (x) =>
        gemm(transpose(x, [1, 0]), constant(x, b, [3, 2]), {
          transA: true,
          bias: constant(x, bias),
        }),
    ];
    for (const build of builds) {
      const { dims, values } = await evaluate(build, rows);
      expect(dims).toEqual([2, 2]);
      expectClose(
        values,
        product.map((v, i) => v + (bias[i % 2] ?? 0)),
      );
    }
  });

  it("gemm with a factor and a bias of the result's shape", async () => {
    const build = (x: Value): Value =>
      gemm(x, constant(x, b, [3, 2]), { alpha: 0.5, bias: constant(x, [1, 2, 3, 4], [2, 2]) });
    expectClose(
      (await evaluate(build, rows)).values,
      product.map((v, i) => v / 2 + i + 1),
    );
  });

  it("mean and sum", async () => {
    expectClose((await evaluate((x) => mean(x, -1), rows)).values, [1.25 / 3, 2.7 / 3]);
    const total = await evaluate((x) => sum(x, 0), rows);
    expect(total.dims).toEqual([1, 3]);
    expectClose(total.values, [3.5, -1.15, 1.6]);
  });

  it("softmax", async () => {
    const { values } = await evaluate(softmax, rows);
    const expected = rows.flatMap((row) => {
      const powers = row.map(Math.exp);
      return powers.map((power) => power / powers.reduce((a, c) => a + c));
    });
    expectClose(values, expected);
  });

  it("norms", async () => {
    const weight = [1, 2, 3];
    const bias = [0.5, 0, -0.5];
    const normed = (row: number[], center: number): number[] => {
      const deviations = row.map((v) => v - center);
      const root = Math.sqrt(deviations.reduce((a, v) => a + v * v, 0) / 3 + 0.01);
      return deviations.map((v) => v / root);
    };
    const rms = await evaluate((x) => simplifiedLayerNormalization(x, constant(x, weight), 0.01), rows);
    expectClose(
      rms.values,
      rows.flatMap((row) => normed(row, 0).map((v, i) => v * (i + 1))),
    );
    const layer = await evaluate(
      (x) => layerNormalization(x, constant(x, weight), constant(x, bias), 0.01),
      rows,
    );
    expectClose(
      layer.values,
      rows.flatMap((row) =>
        normed(row, (row[0] ?? 0) / 3 + (row[1] ?? 0) / 3 + (row[2] ?? 0) / 3).map(
          (v, i) => v * (i + 1) + 0.5 - 0.5 * i,
        ),
      ),
    );
  });
});
