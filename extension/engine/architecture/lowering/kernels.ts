/** The layers that have more than one lowering: fused operators for speed, or plain ones that can be differentiated. */
import type { Value } from "../../graph/graph";

/** Rotary positions of a graph: cos and sin [T, R/2] by position, R the rotated width of a head. */
export interface Rotary {
  readonly cos: Value;
  readonly sin: Value;
}

export interface AttentionOptions {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  /** Factor of the scores, usually 1/√headDim. */
  readonly scale: number;
  /** A token sees itself and window − 1 tokens before it; absent: all before it. */
  readonly window?: number | undefined;
  /** Scores pass through c·tanh(s/c) (Gemma 2). */
  readonly softCap?: number | undefined;
  readonly rotary?: Rotary | undefined;
}

export interface Kernels {
  /** x / √(mean x² + ε) · weight. x: […,H], weight: [H]. */
  rmsNorm(x: Value, weight: Value, epsilon: number): Value;
  /** (x − mean) / √(variance + ε) · weight + bias. x: […,H], weight, bias: [H]. */
  layerNorm(x: Value, weight: Value, bias: Value | undefined, epsilon: number): Value;
  /** x·σ(x) */
  silu(x: Value): Value;
  gelu(x: Value, form: "erf" | "tanh"): Value;
  /** Causal attention. q: [B,T,heads·D], k, v: [B,T,keyValueHeads·D] → [B,T,heads·D]. */
  attention(q: Value, k: Value, v: Value, options: AttentionOptions): Value;
}
