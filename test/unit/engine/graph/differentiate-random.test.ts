/** Checks the gradients of random compositions of ops against central differences. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Value } from "../../../../extension/engine/graph/graph";
import { expand, sum } from "../../../../extension/engine/graph/ops/broadcast";
import {
  add,
  cos,
  div,
  exp,
  greater,
  maximum,
  mul,
  sigmoid,
  sin,
  sub,
  tanh,
  where,
} from "../../../../extension/engine/graph/ops/elementwise";
import { gather, pick } from "../../../../extension/engine/graph/ops/indexing";
import { concat, reshape, split, transpose } from "../../../../extension/engine/graph/ops/layout";
import { gemm, matMul } from "../../../../extension/engine/graph/ops/matrix";
import { required, scalar } from "../../../../extension/engine/graph/ops/operands";
import { logSumExp, mean, softmax } from "../../../../extension/engine/graph/ops/reduction";
import { type Build, differences, expectClose, type Input, lossOf, reverse } from "./gradient-check";

const shape = ["B", 4];
const inputs: readonly Input[] = [
  { shape },
  { shape },
  { shape },
  { shape: ["B"], indices: [1, 1] },
  { shape, indices: [3, 0, 3, 1, 2, 2, 2, 0] },
];

/** Computes a value [B,4] of similar magnitude from a, b: [B,4], rows: int64 [B] and columns: int64 [B,4]. */
type Step = (a: Value, b: Value, rows: Value, columns: Value) => Value;

const steps: Readonly<Record<string, Step>> = {
  add,
  sub,
  maximum,
  mul: (a, b) => tanh(mul(a, b)),
  div: (a, b) => div(a, add(scalar(b, 1), mul(b, b))),
  sin,
  cos,
  sigmoid,
  exp: (a) => exp(tanh(a)),
  softmax,
  where: (a, b) => where(greater(a, b), mul(a, scalar(a, 0.5)), b),
  center: (a) => sub(a, mean(a, -1)),
  spread: (a, b) => add(a, mean(b, 0)),
  logSoftmax: (a) => sub(a, logSumExp(a)),
  expand: (a) => expand(tanh(sum(a, 0)), shape),
  total: (a, b) => add(a, sum(b, 0, 1)),
  attend: (a, b) => matMul(softmax(matMul(a, transpose(b, [1, 0]))), b),
  attendInBatches: (a, b) => {
    const [query, key] = [reshape(a, ["B", 2, 2]), reshape(b, ["B", 2, 2])];
    return reshape(matMul(softmax(matMul(query, transpose(key, [0, 2, 1]))), key), shape);
  },
  gemm: (a, b) => tanh(gemm(gemm(a, b, { transB: true, alpha: 0.5 }), b, { transA: true, bias: a })),
  turn: (a) => transpose(reshape(a, [4, "B"]), [1, 0]),
  rotate: (a) => {
    const pieces = split(a, [1, 3], 1);
    return concat([required(pieces, 1), required(pieces, 0)], 1);
  },
  gather: (a, _, rows) => gather(a, rows),
  pick: (a, _b, _rows, columns) => pick(a, columns),
};

const program = fc.array(
  fc.record({ step: fc.constantFrom(...Object.keys(steps)), left: fc.nat(), right: fc.nat() }),
  { minLength: 1, maxLength: 6 },
);

/** Sums all computed values with different factors, so that they do not cancel. */
const interpret =
  (instructions: readonly { step: string; left: number; right: number }[]): Build =>
  (x, y, z, rows, columns) => {
    const values = [x, y, z];
    for (const { step, left, right } of instructions) {
      const [a, b] = [values[left % values.length], values[right % values.length]];
      const next = a && b && steps[step]?.(a, b, rows, columns);
      if (next) values.push(next);
    }
    return values.map((value, i) => mul(value, scalar(value, Math.cos(i + 1)))).reduce(add);
  };

it("gradients of random compositions match central differences", async () => {
  const tried = new Set<string>();
  await fc.assert(
    fc.asyncProperty(program, async (instructions) => {
      for (const { step } of instructions) tried.add(step);
      const build = interpret(instructions);
      const moved = await differences(lossOf(inputs, build), 1e-5);
      expectClose(await reverse(lossOf(inputs, build)), moved, 1e-6);
    }),
    { seed: 20240713, numRuns: 100 },
  );
  expect(tried).toEqual(new Set(Object.keys(steps)));
});
