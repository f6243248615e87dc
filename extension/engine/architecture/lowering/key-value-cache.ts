/** Outputs keys and values from the scoring graph, and takes them as the past of a sequence with the same prefix. */
import type { Graph, Value } from "../../graph/graph";
import { groupQueryAttentionOnPast } from "../../graph/ops/attention";
import { expand } from "../../graph/ops/broadcast";
import { add, cast, maximum, sub } from "../../graph/ops/elementwise";
import { gather } from "../../graph/ops/indexing";
import { concat, leading, range, reshape, reshapeTo, sizeAlong, sizeOf } from "../../graph/ops/layout";
import type { AttentionOptions, Rotary } from "./kernels";

/** Names of the inputs that a graph with a key-value cache adds. */
export const pastNames = {
  /** P: number of cached tokens that are the past. int64 [1] */
  length: "past_length",
  /** K: number of tokens, counted from the first, whose keys and values are output. int64 [1] */
  kept: "kept_length",
} as const;

/** Names of the tensors of one cached layer. Inputs: [B,heads,C,headDim] with C ≥ P; outputs: [B,heads,K,headDim]. */
export interface CachedLayer {
  readonly inputs: readonly [keys: string, values: string];
  readonly outputs: readonly [keys: string, values: string];
  readonly heads: number;
  readonly headDim: number;
}

export class KeyValueCache {
  /** Cached layers, in order. */
  readonly layers: CachedLayer[] = [];
  /** Position of each token in its sequence: int64 [T]. */
  readonly positions: Value;
  readonly #past: Value;
  readonly #kept: Value;
  readonly #total: Value;

  constructor(private readonly graph: Graph) {
    this.#past = graph.input(pastNames.length, "int64", [1]);
    this.#kept = graph.input(pastNames.kept, "int64", [1]);
    this.#total = add(this.#past, sizeOf(graph, "T"));
    this.positions = add(range(graph, "T"), this.#past);
  }

  /** Rotary tables [T,R/2] of the new tokens. rotary: tables [P+T,R/2] from the start of the sequence. */
  ofTokens({ cos, sin }: Rotary): Rotary {
    return { cos: gather(cos, this.positions), sin: gather(sin, this.positions) };
  }

  /** Causal attention over the past and the new tokens, in the fused kernel. Shapes are those of Kernels.attention. */
  attention(q: Value, k: Value, v: Value, rotary: Rotary | undefined, options: AttentionOptions): Value {
    const { keyValueHeads: heads, headDim } = options;
    const names = (from: string): readonly [string, string] => {
      const at = this.layers.length;
      return [`${from}_keys_${at}`, `${from}_values_${at}`];
    };
    const layer: CachedLayer = { inputs: names("past"), outputs: names("kept"), heads, headDim };
    this.layers.push(layer);
    const [keys, values] = layer.inputs.map((name) =>
      leading(this.graph.input(name, "float32", ["B", heads, "C", headDim]), 2, this.#past, "P"),
    );
    if (!keys || !values) throw new Error("a layer has keys and values");
    const total = cast(this.#total, "int32");
    const lengths = {
      last: expand(sub(total, this.graph.constant("int32", [1])), [q.shape[0] ?? 1]),
      total: reshape(total, []),
    };
    const attended = groupQueryAttentionOnPast(q, k, v, { keys, values }, lengths, rotary, options);
    const kept = [attended.keys, attended.values].map((x) => leading(x, 2, this.#kept, "K"));
    kept.forEach((x, i) => {
      this.graph.output(layer.outputs[i] ?? "", x);
    });
    return afterwards(attended.mixed, kept);
  }
}

/**
 * x, computed after `others`: reads their batch size to reshape x. The runtime would otherwise compute what only graph
 * outputs need last, and hold the uncut keys and values of every layer until then. All: [B,…].
 */
function afterwards(x: Value, others: readonly Value[]): Value {
  const batch = others.map((other) => sizeAlong(other, 0)).reduce(maximum);
  const rest = x.graph.constant("int64", [-1, Number(x.shape[2])]);
  return reshapeTo(x, concat([batch, rest], 0), x.shape);
}
