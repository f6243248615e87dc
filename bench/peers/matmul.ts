/** Computes a single matrix product on the runtime, to measure what the machine can do. */

import { Graph } from "../../extension/engine/graph/graph";
import { serialize } from "../../extension/engine/graph/onnx";
import { matMul } from "../../extension/engine/graph/ops/matrix";
import { randomSequence } from "../../extension/engine/random";
import { InferenceSession, Tensor } from "../../extension/engine/runtime/onnxruntime";
import type { Requests } from "../protocol";

interface MatMulSession {
  run(times: number): Promise<void>;
}

const sessions = new Map<string, MatMulSession>();

/** Caches one session per shape. Like model weights, the second factor is constant, so the runtime packs it once. */
export async function matMulSession({
  rows,
  inner,
  columns,
}: Requests["matmul"]["request"]): Promise<MatMulSession> {
  const key = [rows, inner, columns].join("×");
  const known = sessions.get(key);
  if (known) return known;
  const graph = new Graph();
  const weight = new Uint8Array(random(inner * columns).buffer);
  const product = matMul(
    graph.input("a", "float32", [rows, inner]),
    graph.initializer("b", "float32", [inner, columns], { bytes: weight }),
  );
  graph.output("product", product);
  const session = await InferenceSession.create(serialize(graph), { logSeverityLevel: 3 });
  const feeds = { a: new Tensor("float32", random(rows * inner), [rows, inner]) };
  const made = {
    run: async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) await session.run(feeds);
    },
  };
  await made.run(1);
  sessions.set(key, made);
  return made;
}

function random(count: number): Float32Array {
  const next = randomSequence(1);
  return Float32Array.from({ length: count }, () => 2 * next() - 1);
}
