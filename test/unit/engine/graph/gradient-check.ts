/** Compares the gradients that `differentiate` builds with central differences of the same loss. */

import { expect } from "vitest";
import { differentiate } from "../../../../extension/engine/graph/differentiate";
import { product, type Shape } from "../../../../extension/engine/graph/dim";
import { Graph, type Value } from "../../../../extension/engine/graph/graph";
import { serialize } from "../../../../extension/engine/graph/onnx";
import { sum } from "../../../../extension/engine/graph/ops/broadcast";
import { cast, mul } from "../../../../extension/engine/graph/ops/elementwise";
import { randomSequence } from "../../../../extension/engine/random";
import { InferenceSession, Tensor } from "../../../../extension/engine/runtime/onnxruntime";

/** An input: a parameter of random values with magnitude 0.2 to 1.2 and, unless `positive`, random sign; or indices. */
export type Input =
  | { readonly shape: Shape; readonly positive?: boolean }
  | { readonly shape: Shape; readonly indices: readonly number[] };

export type Build = (...inputs: Value[]) => Value;

/** One use of an op. Gradients are taken with respect to the inputs without indices. */
export interface Case {
  /** The function that adds the op under test. */
  readonly of: { readonly name: string };
  readonly detail?: string;
  readonly inputs: readonly Input[];
  readonly build: Build;
  /** float32 if the runtime has no float64 kernel on the CPU. */
  readonly dtype?: "float32";
  /** Expected result of `build`, built from ops that have float64 kernels. */
  readonly formula?: Build;
}

export interface Loss {
  readonly graph: Graph;
  readonly loss: Value;
  readonly parameters: readonly Value[];
  readonly feeds: Feeds;
}

export type Feeds = Readonly<Record<string, Tensor>>;
type Float = "float32" | "float64";

/** Sizes of the symbolic dimensions. */
const sizes = new Map(Object.entries({ B: 2, T: 3, N: 5 }));

const sizesOf = (shape: Shape): number[] =>
  shape.map((dim) =>
    typeof dim === "number" ? dim : dim.split("*").reduce((all, part) => all * (sizes.get(part) ?? +part), 1),
  );

export const tensor = (dtype: Float, values: readonly number[], dims: readonly number[]): Tensor =>
  dtype === "float32"
    ? new Tensor(dtype, Float32Array.from(values), dims)
    : new Tensor(dtype, Float64Array.from(values), dims);

/** Loss: sum of the elements of `build` in float64, with random weights. All input values are exact in float32. */
export function lossOf(inputs: readonly Input[], build: Build, dtype: Float = "float64"): Loss {
  const graph = new Graph();
  const random = randomSequence(7);
  const feeds: Record<string, Tensor> = {};
  const number = (positive = false): number =>
    ((!positive && random() < 0.5 ? -1 : 1) * Math.round((0.2 + random()) * 1024)) / 1024;
  const float = (name: string, type: Float, shape: Shape, positive?: boolean): Value => {
    const dims = sizesOf(shape);
    const values = Array.from({ length: Number(product(dims)) }, () => number(positive));
    feeds[name] = tensor(type, values, dims);
    return graph.input(name, type, shape);
  };
  const list = (name: string, shape: Shape, indices: readonly number[]): Value => {
    feeds[name] = new Tensor("int64", BigInt64Array.from(indices, BigInt), sizesOf(shape));
    return graph.input(name, "int64", shape);
  };
  const values = inputs.map((input, i) =>
    "indices" in input
      ? list(`indices${i}`, input.shape, input.indices)
      : float(`parameter${i}`, dtype, input.shape, input.positive),
  );
  const y = build(...values);
  const weighted = mul(cast(y, "float64"), float("weights", "float64", y.shape));
  const loss = sum(weighted, ...y.shape.keys());
  return { graph, loss, parameters: values.filter((_, i) => !("indices" in (inputs[i] ?? {}))), feeds };
}

/** Loads a graph. The returned function evaluates it on feeds and checks the size of each output. */
export async function open(graph: Graph): Promise<(feeds: Feeds) => Promise<ReadonlyMap<string, number[]>>> {
  const session = await InferenceSession.create(serialize(graph), {
    logSeverityLevel: 3,
    intraOpNumThreads: 1,
  });
  return async (feeds) => {
    const results = await session.run(feeds);
    return new Map(
      graph.outputs.map(({ name, shape }) => {
        const result = results[name];
        if (!result) throw new Error(`no result ${name}`);
        expect(result.dims, `size of ${name}`).toEqual(sizesOf(shape));
        return [name, Array.from(result.data as Float32Array | Float64Array, Number)];
      }),
    );
  };
}

/** Gradient with respect to each parameter, from `differentiate`. */
export async function reverse({ graph, loss, parameters, feeds }: Loss): Promise<number[][]> {
  const gradients = differentiate(loss, parameters);
  for (const [parameter, gradient] of gradients) {
    expect(gradient).toMatchObject({ dtype: parameter.dtype, shape: parameter.shape });
    graph.output(`by ${parameter.name}`, gradient);
  }
  const results = await (await open(graph))(feeds);
  return parameters.map(({ name }) => results.get(`by ${name}`) ?? []);
}

/** Gradient with respect to each parameter, from central differences with the given step. */
export async function differences(
  { graph, loss, parameters, feeds }: Loss,
  step: number,
): Promise<number[][]> {
  graph.output("loss", loss);
  const evaluate = await open(graph);
  const gradients: number[][] = [];
  for (const { name, dtype } of parameters) {
    const { data, dims } = feeds[name] ?? tensor("float64", [], [0]);
    const values = Array.from(data as Float32Array | Float64Array, Number);
    const gradient: number[] = [];
    for (const i of values.keys()) {
      const lossAt = async (offset: number): Promise<number> => {
        const moved = values.map((value, j) => (j === i ? value + offset : value));
        const results = await evaluate({ ...feeds, [name]: tensor(dtype as Float, moved, dims) });
        return results.get("loss")?.[0] ?? Number.NaN;
      };
      gradient.push(((await lossAt(step)) - (await lossAt(-step))) / (2 * step));
    }
    gradients.push(gradient);
  }
  return gradients;
}

/** Expects errors below `tolerance`, relative to each gradient's largest element, which must exceed 0.01. */
export function expectClose(
  actual: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  tolerance: number,
): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  expected.forEach((gradient, i) => {
    const scale = Math.max(...gradient.map(Math.abs));
    expect(scale, `size of gradient ${i}`).toBeGreaterThan(1e-2);
    const errors = gradient.map((value, j) => Math.abs(value - (actual[i]?.[j] ?? Number.NaN)) / scale);
    for (const [j, error] of errors.entries()) {
      expect(error, `relative error of gradient ${i}, element ${j}`).toBeLessThan(tolerance);
    }
  });
}
