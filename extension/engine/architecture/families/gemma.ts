/** Gemma 2 and Gemma 3 (text): Llama with scaled embeddings, norms after attention and MLP, local and global layers. */

import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";
import type { Family } from "../family";
import { activationOf } from "../layers";
import { Rope } from "../rope";
import { type LlamaSettings, llama, llamaDecoder, publishedLikeLlama, readLlama, ropeOf } from "./llama";

/** transformers' defaults for missing keys; the config.json of the larger Gemma 3 models omits most of them. */
const gemma2Defaults = {
  vocab_size: 256_000,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 256,
  max_position_embeddings: 8192,
  sliding_window: 4096,
  attn_logit_softcapping: 50,
};
const gemma3Defaults = {
  ...gemma2Defaults,
  vocab_size: 262_208,
  max_position_embeddings: 131_072,
  rope_theta: 1_000_000,
  attn_logit_softcapping: null,
};

function readGemma(config: Config, ropes?: readonly Rope[]): LlamaSettings {
  if (config.flag("use_bidirectional_attention", false)) {
    throw new InputError(
      config.place,
      "use_bidirectional_attention is not supported: a token could not be scored without the tokens after it",
    );
  }
  const settings = readLlama(config, ropes);
  return {
    ...settings,
    activation: activationOf(config, "hidden_activation", "gelu_pytorch_tanh"),
    attentionScale: config.number("query_pre_attn_scalar", 256) ** -0.5,
    embeddingScale: Math.sqrt(settings.hiddenSize),
    isNormOffset: true,
    hasPostNorms: true,
  };
}

export const gemma2: Family = {
  name: "gemma2",
  landmark: llama.landmark,
  modelTypes: { gemma2: publishedLikeLlama("Gemma2") },
  read: (stated) => {
    const config = stated.with(gemma2Defaults);
    const settings = readGemma(config);
    const window = config.optionalSize("sliding_window");
    return llamaDecoder({
      ...settings,
      attentionSoftCap: config.optionalNumber("attn_logit_softcapping"),
      windows: localLayers(config, settings.layers, 2).map((isLocal) => (isLocal ? window : undefined)),
    });
  },
};

export const gemma3: Family = {
  name: "gemma3",
  landmark: llama.landmark,
  modelTypes: {
    // The text model is part of an image-text model; transformers reads both older and newer prefixes.
    gemma3: { ...publishedLikeLlama("Gemma3"), prefix: "language_model.model." },
    gemma3_text: publishedLikeLlama("Gemma3Text"),
  },
  read: (outer) => {
    const config = (outer.section("text_config") ?? outer).with(gemma3Defaults);
    const layers = config.layers("num_hidden_layers");
    const headDim = config.size("head_dim");
    const maxPositions = config.size("max_position_embeddings");
    const local = localLayers(config, layers, config.optionalSize("sliding_window_pattern") ?? 6);
    const parameters = config.section("rope_parameters");
    const globalRope = ropeOf(config, headDim, maxPositions, parameters?.section("full_attention"));
    // Length scaling does not apply to local layers.
    const localTheta = parameters?.section("sliding_attention")?.number("rope_theta", 10000);
    const localRope = Rope.from({
      dim: headDim,
      theta: localTheta ?? config.number("rope_local_base_freq", 10000),
      scaling: undefined,
      maxPositions,
      place: config.place,
    });
    const window = config.optionalSize("sliding_window");
    return llamaDecoder({
      ...readGemma(
        config,
        local.map((isLocal) => (isLocal ? localRope : globalRope)),
      ),
      attentionSoftCap: config.optionalNumber("attn_logit_softcapping"),
      windows: local.map((isLocal) => (isLocal ? window : undefined)),
    });
  },
};

/** Which layers have sliding-window attention: from `layer_types`, or all but every `pattern`-th. */
function localLayers(config: Config, layers: number, pattern: number): boolean[] {
  const types = config.strings("layer_types");
  return Array.from({ length: layers }, (_, i) =>
    types ? types[i] === "sliding_attention" : (i + 1) % pattern !== 0,
  );
}
