/** Lists the weights of a decoder by building its graph and recording what it asks for. */
import { Graph, type Value } from "../graph/graph";
import { gather } from "../graph/ops/indexing";
import { range } from "../graph/ops/layout";
import { gemm } from "../graph/ops/matrix";
import type { DecoderGraph } from "./family";
import { primitive } from "./lowering/primitive";
import type { LinearLayer, Weights } from "./weights";

export interface NewWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Names, without the checkpoint's prefix, and shapes of all the decoder's weights. */
export function newWeights(decoder: DecoderGraph): readonly NewWeight[] {
  const graph = new Graph();
  const weights = new Collector(graph);
  decoder.build({
    ids: graph.input("ids", "int64", ["B", "T"]),
    positions: range(graph, "T"),
    weights,
    kernels: primitive,
    rotary: ({ half }) => ({
      cos: graph.constant("float32", Array<number>(half).fill(1), [1, half]),
      sin: graph.constant("float32", Array<number>(half).fill(0), [1, half]),
    }),
  });
  return weights.found;
}

class Collector implements Weights {
  readonly found: NewWeight[] = [];

  constructor(private readonly graph: Graph) {}

  has(): boolean {
    return false;
  }

  parameter(name: string, shape: readonly number[]): Value {
    this.found.push({ name, shape });
    return this.graph.input(name, "float32", shape);
  }

  linear({ name, inputs, outputs }: LinearLayer, x: Value): Value {
    return gemm(x, this.parameter(`${name}.weight`, [outputs, inputs]), { transB: true });
  }

  rows(name: string, shape: readonly number[], indices: Value): Value {
    return gather(this.parameter(name, shape), indices);
  }
}
