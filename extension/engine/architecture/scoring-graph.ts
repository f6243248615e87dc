/** Builds the scoring graph, from token ids to Q-values, partial rewards and hidden states. */

import type { HeadLayer, RewardHead } from "../checkpoint/heads/reward-head";
import type { Checkpoint } from "../checkpoint/reading/checkpoint";
import { Graph, type Value } from "../graph/graph";
import { sum } from "../graph/ops/broadcast";
import { div, maximum, mul, sqrt } from "../graph/ops/elementwise";
import { range, reshape, transpose } from "../graph/ops/layout";
import { gemm } from "../graph/ops/matrix";
import type { Decoder } from "./family";
import type { Kernels, Rotary } from "./lowering/kernels";
import { type CachedLayer, KeyValueCache } from "./lowering/key-value-cache";
import { type HeadLayerValues, reward } from "./reward";
import type { Rope } from "./rope";
import { StoredWeights } from "./stored-weights";

/** Names of the graph's inputs and outputs. B: rows, T: tokens, G: goal states, H: hidden size. */
export const tensorNames = {
  /** int64 [B,T] */
  ids: "input_ids",
  /** float32 [G,H] */
  goals: "goals",
  /** float32 [B,T,G] */
  q: "q",
  /** float32 [B,T]; absent if the checkpoint has no reward head */
  partialReward: "partial_reward",
  /** float32 [B,T,H] */
  hidden: "hidden",
} as const;

/** A rope and the names of its tables' inputs: [T, half], or [P+T, half] with a past. */
export interface RopeInput {
  readonly rope: Rope;
  readonly cos: string;
  readonly sin: string;
}

export interface ScoringGraph {
  readonly graph: Graph;
  readonly ropes: readonly RopeInput[];
  /** The cached layers; undefined if the graph has no key-value cache. */
  readonly past?: readonly CachedLayer[];
}

/** Kernels, or a function that makes them with a key-value cache, which adds the inputs `pastNames` to the graph. */
export type Lowering = Kernels | ((cache: KeyValueCache) => Kernels);

export function buildScoringGraph(
  checkpoint: Checkpoint,
  decoder: Decoder,
  head: RewardHead | undefined,
  lowering: Lowering,
): ScoringGraph {
  const { hiddenSize } = decoder.shape;
  const graph = new Graph();
  const ids = graph.input(tensorNames.ids, "int64", ["B", "T"]);
  const goals = graph.input(tensorNames.goals, "float32", ["G", hiddenSize]);
  const { kernels, cache } =
    typeof lowering === "function" ? overPast(graph, lowering) : { kernels: lowering, cache: undefined };
  const weights = StoredWeights.bind(graph, checkpoint, decoder.landmark);
  const ropes = new Map<Rope, RopeInput & { readonly rotary: Rotary }>();

  const hidden = decoder.build({
    ids,
    positions: cache?.positions ?? range(graph, "T"),
    weights,
    kernels,
    rotary,
  });
  weights.checkAdapter();
  graph.output(tensorNames.q, reshape(cosine(hidden, goals), ["B", "T", "G"]));
  if (head)
    graph.output(tensorNames.partialReward, reshape(reward(head.layers.map(load), hidden), ["B", "T"]));
  graph.output(tensorNames.hidden, reshape(hidden, ["B", "T", hiddenSize]));
  return { graph, ropes: [...ropes.values()], ...(cache && { past: cache.layers }) };

  function load({ weight, bias }: HeadLayer): HeadLayerValues {
    return { weight: weights.stored(weight), bias: bias && weights.stored(bias) };
  }

  function rotary(rope: Rope): Rotary {
    const known = ropes.get(rope);
    if (known) return known.rotary;
    const [cos, sin] = [`rope_${ropes.size}_cos`, `rope_${ropes.size}_sin`];
    const length = cache ? "P+T" : "T";
    const tables = {
      cos: graph.input(cos, "float32", [length, rope.half]),
      sin: graph.input(sin, "float32", [length, rope.half]),
    };
    ropes.set(rope, { rope, cos, sin, rotary: tables });
    return tables;
  }
}

function overPast(
  graph: Graph,
  lower: (cache: KeyValueCache) => Kernels,
): { readonly kernels: Kernels; readonly cache: KeyValueCache } {
  const cache = new KeyValueCache(graph);
  return { kernels: lower(cache), cache };
}

/** Q-values: cosine of each hidden state with each goal state. hidden: [N,H], goals: [G,H] → [N,G], in [-1,1]. */
function cosine(hidden: Value, goals: Value): Value {
  const tiny = hidden.graph.constant("float32", [1e-8]);
  const norm = (x: Value): Value => maximum(sqrt(sum(mul(x, x), 1)), tiny);
  const norms = mul(norm(hidden), transpose(norm(goals), [1, 0]));
  return div(gemm(hidden, goals, { transB: true }), norms);
}
