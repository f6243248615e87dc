/** GPT-2: learned positions, pre-norm, weights stored as [in,out]. */

import { InputError } from "../../errors";
import type { Value } from "../../graph/graph";
import { add } from "../../graph/ops/elementwise";
import { reshape, split } from "../../graph/ops/layout";
import type { Config } from "../../model-folder/config";
import type { BuildContext, DecoderGraph, Family } from "../family";
import { activationOf, embedding, flatAttention, width } from "../layers";
import type { Weights } from "../weights";

export const gpt2: Family = {
  name: "gpt2",
  landmark: "wte.weight",
  modelTypes: {
    gpt2: { architecture: "GPT2ForSequenceClassification", prefix: "transformer.", isTransposed: true },
  },
  read: readGpt2,
};

function readGpt2(config: Config): DecoderGraph {
  const hiddenSize = config.size("n_embd", "hidden_size");
  const heads = config.size("n_head", "num_attention_heads");
  const innerSize = config.optionalSize("n_inner") ?? 4 * hiddenSize;
  const shape = {
    layers: config.layers("n_layer", "num_hidden_layers"),
    hiddenSize,
    innerSize,
    heads,
    keyValueWidth: hiddenSize,
    vocabularySize: config.size("vocab_size"),
    maxPositions: config.size("n_positions", "max_position_embeddings"),
  };
  const headDim = shape.hiddenSize / heads;
  if (!Number.isInteger(headDim)) throw config.fault("n_head", "a divisor of n_embd");
  const epsilon = config.number("layer_norm_epsilon", 1e-5);
  const activation = activationOf(config, "activation_function", "gelu_new");
  const isScaled = config.flag("scale_attn_weights", true);
  const isScaledByLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
  if (config.flag("add_cross_attention", false))
    throw new InputError(
      config.place,
      "add_cross_attention is not supported; use a model without an encoder",
    );

  return { shape, build };

  function build(context: BuildContext): Value {
    const { weights } = context;
    const places = [shape.maxPositions, shape.hiddenSize];
    const positions = weights.rows("wpe.weight", places, context.positions);
    const tokens = embedding(context, "wte.weight", shape.vocabularySize, shape.hiddenSize);
    const batched = reshape(tokens, ["B", "T", shape.hiddenSize]);
    let x = reshape(add(batched, positions), ["B*T", shape.hiddenSize]);
    for (let i = 0; i < shape.layers; i++) x = layer(context, i, x);
    return norm(context, "ln_f", x);
  }

  function layer(context: BuildContext, i: number, x: Value): Value {
    const { weights, kernels } = context;
    const hidden = shape.hiddenSize;
    const at = `h.${i}`;
    const qkv = conv1d(weights, `${at}.attn.c_attn`, norm(context, `${at}.ln_1`, x), 3 * hidden);
    const [q, k, v] = split(qkv, [hidden, hidden, hidden], 1);
    if (!q || !k || !v) throw new Error(`layer ${i}: query, key or value is missing`);
    const scale = (isScaled ? 1 / Math.sqrt(headDim) : 1) / (isScaledByLayer ? i + 1 : 1);
    const mixed = flatAttention(kernels, q, k, v, { heads, keyValueHeads: heads, headDim, scale });
    const y = add(x, conv1d(weights, `${at}.attn.c_proj`, mixed, hidden));
    const inner = activation(
      kernels,
      conv1d(weights, `${at}.mlp.c_fc`, norm(context, `${at}.ln_2`, y), innerSize),
    );
    return add(y, conv1d(weights, `${at}.mlp.c_proj`, inner, hidden));
  }

  function norm({ weights, kernels }: BuildContext, name: string, x: Value): Value {
    const parameter = (part: string): Value => weights.parameter(`${name}.${part}`, [shape.hiddenSize]);
    return kernels.layerNorm(x, parameter("weight"), parameter("bias"), epsilon);
  }
}

/** x·W + b, with W stored as [in,out]. x: [N,in] → [N,out]. */
function conv1d(weights: Weights, name: string, x: Value, out: number): Value {
  return weights.linear({ name, inputs: width(x), outputs: out, isTransposed: true }, x);
}
