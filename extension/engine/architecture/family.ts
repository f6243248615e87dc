/** What a decoder family is: how to read its config.json and how to build its graph. */

import type { PublishedClass } from "../checkpoint/publishing/published-names";
import type { Value } from "../graph/graph";
import type { Config } from "../model-folder/config";
import type { Kernels, Rotary } from "./lowering/kernels";
import type { Rope } from "./rope";
import type { Weights } from "./weights";

/** What every decoder has, whatever its family. */
export interface DecoderShape {
  readonly layers: number;
  /** Width of a hidden state, H. */
  readonly hiddenSize: number;
  /** Width between the two halves of the MLP. */
  readonly innerSize: number;
  readonly heads: number;
  /** Width of a token's keys, and of its values, in one layer. */
  readonly keyValueWidth: number;
  readonly vocabularySize: number;
  /** Longest sequence the model was made for, in tokens. */
  readonly maxPositions: number;
  /** Attention scores pass through c·tanh(s/c) (Gemma 2). */
  readonly attentionSoftCap?: number | undefined;
}

export interface DecoderGraph {
  readonly shape: DecoderShape;
  /** ids: int64 [B,T] → last hidden states after the final norm, [B*T,H]. */
  build(context: BuildContext): Value;
}

export interface Decoder extends DecoderGraph {
  readonly landmark: string;
}

/** Everything that tells one decoder family from another, from reading its config.json to publishing what was trained. */
export interface Family {
  readonly name: string;
  /** A tensor that every checkpoint of the family has, relative to the prefix of its names. */
  readonly landmark: string;
  /** By `model_type` of config.json. */
  readonly modelTypes: Readonly<Record<string, ModelType>>;
  read(config: Config): DecoderGraph;
}

export interface ModelType extends Omit<PublishedClass, "landmark"> {
  /** All weights follow from config.json, so that a model of random weights can be made (`--init`). */
  readonly canBeNew?: boolean;
}

export interface BuildContext {
  /** int64 [B,T] */
  readonly ids: Value;
  /** Place of each token in its sequence: int64 [T], or [B,T] where rows differ. */
  readonly positions: Value;
  readonly weights: Weights;
  readonly kernels: Kernels;
  /** Declares the tables of a rope as inputs of the graph; the same rope gives the same inputs. */
  rotary(rope: Rope): Rotary;
}
