/** Access to a model's weights while its graph is built. Names do not include the checkpoint's prefix. */
import type { Value } from "../graph/graph";

export interface LinearLayer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** The weight is stored [in,out] (GPT-2) instead of [out,in]. */
  readonly isTransposed?: boolean;
}

export interface Weights {
  has(name: string): boolean;
  /**
   * A parameter in float32, with the adapter's change applied if it has one. Linear layers store their weight as
   * [out,in]; `transposed` means that this one is stored as [in,out] (GPT-2's Conv1D, embeddings).
   */
  parameter(name: string, shape: readonly number[], transposed?: boolean): Value;
  /** x·Wᵀ + b, without b if there is no bias. x: [N,in] → [N,out]. */
  linear(layer: LinearLayer, x: Value): Value;
  /** Rows of an embedding table. shape: [V,H], indices: [N] → float32 [N,H]. */
  rows(name: string, shape: readonly number[], indices: Value): Value;
}
