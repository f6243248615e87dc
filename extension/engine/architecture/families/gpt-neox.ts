/** GPT-NeoX and Pythia: partial rotary embeddings, parallel attention and MLP. */

import type { Value } from "../../graph/graph";
import { add } from "../../graph/ops/elementwise";
import { reshape, split } from "../../graph/ops/layout";
import type { Config } from "../../model-folder/config";
import type { BuildContext, DecoderGraph, Family } from "../family";
import { activationOf, embedding, flatAttention, linear } from "../layers";
import { Rope } from "../rope";

export const gptNeoX: Family = {
  name: "gpt-neox",
  landmark: "embed_in.weight",
  modelTypes: { gpt_neox: { architecture: "GPTNeoXForSequenceClassification", prefix: "gpt_neox." } },
  read: readGptNeoX,
};

function readGptNeoX(config: Config): DecoderGraph {
  const hidden = config.size("hidden_size");
  const heads = config.size("num_attention_heads");
  const innerSize = config.size("intermediate_size");
  const shape = {
    layers: config.layers("num_hidden_layers"),
    hiddenSize: hidden,
    innerSize,
    heads,
    keyValueWidth: hidden,
    vocabularySize: config.size("vocab_size"),
    maxPositions: config.size("max_position_embeddings"),
  };
  const headDim = hidden / heads;
  if (!Number.isInteger(headDim)) throw config.fault("num_attention_heads", "a divisor of hidden_size");
  const epsilon = config.number("layer_norm_eps", 1e-5);
  const activation = activationOf(config, "hidden_act", "gelu");
  const isParallel = config.flag("use_parallel_residual", true);
  const parameters = config.section("rope_parameters") ?? config.section("rope_scaling");
  const rotated = parameters?.has("partial_rotary_factor")
    ? parameters.number("partial_rotary_factor", 1)
    : config.number("rotary_pct", 0.25);
  const rope = Rope.from({
    dim: Math.floor(headDim * rotated),
    theta: parameters?.has("rope_theta")
      ? parameters.number("rope_theta", 10000)
      : config.number("rotary_emb_base", config.number("rope_theta", 10000)),
    scaling: parameters,
    maxPositions: shape.maxPositions,
    place: config.place,
  });

  return { shape, build };

  function build(context: BuildContext): Value {
    let x = embedding(context, "embed_in.weight", shape.vocabularySize, hidden);
    for (let i = 0; i < shape.layers; i++) {
      const at = `layers.${i}`;
      const attended = attention(context, at, norm(context, `${at}.input_layernorm`, x));
      const y = add(x, attended);
      const mlpInput = norm(context, `${at}.post_attention_layernorm`, isParallel ? x : y);
      x = add(y, mlp(context, `${at}.mlp`, mlpInput));
    }
    return norm(context, "final_layer_norm", x);
  }

  function attention({ weights, kernels, rotary }: BuildContext, at: string, x: Value): Value {
    // Rows of the matrix: query, key and value of the first head, then of the second, and so on.
    const packed = linear(weights, `${at}.attention.query_key_value`, x, 3 * hidden);
    const parts = split(reshape(packed, ["B*T", heads, 3 * headDim]), [headDim, headDim, headDim], 2);
    const [q, k, v] = parts.map((part) => reshape(part, ["B*T", hidden]));
    if (!q || !k || !v) throw new Error(`${at}: query, key or value is missing`);
    const mixed = flatAttention(kernels, q, k, v, {
      heads,
      keyValueHeads: heads,
      headDim,
      scale: 1 / Math.sqrt(headDim),
      rotary: rotary(rope),
    });
    return linear(weights, `${at}.attention.dense`, mixed, hidden);
  }

  function mlp({ weights, kernels }: BuildContext, at: string, x: Value): Value {
    const inner = activation(kernels, linear(weights, `${at}.dense_h_to_4h`, x, innerSize));
    return linear(weights, `${at}.dense_4h_to_h`, inner, hidden);
  }

  function norm({ weights, kernels }: BuildContext, name: string, x: Value): Value {
    const parameter = (part: string): Value => weights.parameter(`${name}.${part}`, [hidden]);
    return kernels.layerNorm(x, parameter("weight"), parameter("bias"), epsilon);
  }
}
