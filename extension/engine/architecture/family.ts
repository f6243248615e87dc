/** The interface of a decoder family: reads its config.json and builds its graph. */

import type { PublishedClass } from "../checkpoint/publishing/published-names";
import type { Value } from "../graph/graph";
import type { Config } from "../model-folder/config";
import type { Kernels, Rotary } from "./lowering/kernels";
import type { Rope } from "./rope";
import type { Weights } from "./weights";

/** Sizes that every decoder has. */
export interface DecoderShape {
  readonly layers: number;
  /** H: width of a hidden state. */
  readonly hiddenSize: number;
  /** Width of the MLP's inner activations. */
  readonly innerSize: number;
  readonly heads: number;
  /** Width of one token's keys in one layer; its values are as wide. */
  readonly keyValueWidth: number;
  readonly vocabularySize: number;
  /** Longest sequence that the model supports, in tokens. */
  readonly maxPositions: number;
  /** c of the soft cap c·tanh(s/c) on attention scores (Gemma 2); undefined if there is none. */
  readonly attentionSoftCap?: number | undefined;
}

export interface DecoderGraph {
  readonly shape: DecoderShape;
  /** ids: int64 [B,T] → last hidden states after the final norm, [B*T,H]. */
  build(context: BuildContext): Value;
}

export interface Decoder extends DecoderGraph {
  /** `landmark` of its family. */
  readonly landmark: string;
}

/** A decoder family. Everything specific to it, from reading config.json to publishing a trained model, is here. */
export interface Family {
  readonly name: string;
  /** Name, without prefix, of a tensor that every checkpoint of the family has. */
  readonly landmark: string;
  /** Keyed by `model_type` of config.json. */
  readonly modelTypes: Readonly<Record<string, ModelType>>;
  read(config: Config): DecoderGraph;
}

export interface ModelType extends Omit<PublishedClass, "landmark"> {
  /** Whether config.json determines all weights, so that a model can be initialized with random ones (`--init`). */
  readonly canBeNew?: boolean;
}

export interface BuildContext {
  /** Token ids: int64 [B,T]. */
  readonly ids: Value;
  /** Position of each token in its sequence: int64 [T], or [B,T] if rows differ. */
  readonly positions: Value;
  readonly weights: Weights;
  readonly kernels: Kernels;
  /** Declares the tables of a rope as graph inputs. Calls with the same rope return the same inputs. */
  rotary(rope: Rope): Rotary;
}
