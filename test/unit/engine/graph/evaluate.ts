import type { Shape } from "../../../../extension/engine/graph/dim";
import { Graph, type Value } from "../../../../extension/engine/graph/graph";
import { serialize } from "../../../../extension/engine/graph/onnx";
import { InferenceSession, Tensor } from "../../../../extension/engine/runtime/onnxruntime";

/** The value of one graph output. */
export interface Result {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** Evaluates a graph on a float32 input x, given as rows, and an int64 input i: [N]. shape: symbolic shape of x. */
export async function evaluate(
  build: (x: Value, i: Value) => Value,
  rows: readonly (readonly number[])[] = [[0]],
  indices: readonly number[] = [0],
  shape: Shape = [rows.length, rows[0]?.length ?? 0],
): Promise<Result> {
  const graph = new Graph();
  const x = graph.input("x", "float32", shape);
  const i = graph.input("i", "int64", ["N"]);
  graph.output("y", build(x, i));
  const session = await InferenceSession.create(serialize(graph), { logSeverityLevel: 3 });
  const { y } = await session.run({
    x: new Tensor("float32", Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]),
    i: new Tensor("int64", BigInt64Array.from(indices, BigInt), [indices.length]),
  });
  await session.release();
  if (!y) throw new Error("no result");
  return { dims: y.dims, values: Array.from(y.data as Iterable<number | bigint | boolean>, Number) };
}
