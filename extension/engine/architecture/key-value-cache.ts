/** Keys and values that leave the scoring graph, and come back as the past of a sequence that begins alike. */
import type { Graph, Value } from "../graph/graph";
import { groupQueryAttentionOnPast } from "../graph/ops/attention";
import { expand } from "../graph/ops/broadcast";
import { add, cast, sub } from "../graph/ops/elementwise";
import { gather } from "../graph/ops/indexing";
import { leading, range, reshape, sizeOf } from "../graph/ops/layout";
import type { AttentionOptions, Rotary } from "./kernels";

/** Names of the inputs of a graph with a past. */
export const pastNames = {
  /** P: how many of the cached tokens are the past. int64 [1] */
  length: "past_length",
  /** Of how many tokens, from the first one on, keys and values are given. int64 [1] */
  kept: "kept_length",
} as const;

/** One layer's keys and values. Inputs are [B,heads,C,headDim] with C ≥ P, outputs [B,heads,kept,headDim]. */
export interface CachedLayer {
  readonly inputs: readonly [keys: string, values: string];
  readonly outputs: readonly [keys: string, values: string];
  readonly heads: number;
  readonly headDim: number;
}

export class KeyValueCache {
  /** In the order of the layers. */
  readonly layers: CachedLayer[] = [];
  /** Place of each token in its sequence, int64 [T]. */
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

  /** The tables of the tokens alone. rotary: by position from the start of the sequence. */
  ofTokens({ cos, sin }: Rotary): Rotary {
    return { cos: gather(cos, this.positions), sin: gather(sin, this.positions) };
  }

  /** Causal attention of the runtime's kernel over past and tokens. Shapes are those of Kernels.attention. */
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
    // Where none are kept, reading them frees them at once; unread ones stay until the whole graph has run.
    this.graph.output(layer.outputs[0], leading(attended.keys, 2, this.#kept, "K"));
    this.graph.output(layer.outputs[1], leading(attended.values, 2, this.#kept, "K"));
    return attended.mixed;
  }
}
