/** Layers with more than one lowering: fused operators, for speed, or primitive ones, which can be differentiated. */
import type { Value } from "../../graph/graph";

/** Rotary tables in a graph. cos, sin: [T, R/2], one row per position; R: rotated dimensions of a head. */
export interface Rotary {
  readonly cos: Value;
  readonly sin: Value;
}

export interface AttentionOptions {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  /** Factor applied to attention scores, usually 1/√headDim. */
  readonly scale: number;
  /** A token attends to itself and the window − 1 tokens before it; if undefined, to all tokens before it. */
  readonly window?: number | undefined;
  /** c of the soft cap c·tanh(s/c) on attention scores (Gemma 2); undefined if there is none. */
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
