/** Gemma 2 and Gemma 3 (text): Llama with scaled embeddings, norms around both halves of a layer, local and global layers. */
import type { Config } from "../checkpoint/config";
import type { Family } from "./family";
import { activationOf } from "./layers";
import { type LlamaSettings, llamaDecoder, readLlama, ropeOf } from "./llama";
import { Rope } from "./rope";

function readGemma(config: Config, ropes?: readonly Rope[]): LlamaSettings {
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
  modelTypes: ["gemma2"],
  read: (config) => {
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
  modelTypes: ["gemma3", "gemma3_text"],
  read: (outer) => {
    const config = outer.section("text_config") ?? outer;
    const layers = config.size("num_hidden_layers");
    const headDim = config.size("head_dim");
    const maxPositions = config.size("max_position_embeddings");
    const local = localLayers(config, layers, config.optionalSize("sliding_window_pattern") ?? 6);
    const parameters = config.section("rope_parameters");
    const globalRope = ropeOf(config, headDim, maxPositions, parameters?.section("full_attention"));
    // Local layers never take part in length scaling.
    const localTheta = parameters?.section("sliding_attention")?.number("rope_theta", 10000);
    const localRope = Rope.from({
      dim: headDim,
      theta: localTheta ?? config.number("rope_local_base_freq", 10000),
      scaling: undefined,
      maxPositions,
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

/** Which layers see only a window: as listed, else all but every `pattern`-th. */
function localLayers(config: Config, layers: number, pattern: number): boolean[] {
  const types = config.strings("layer_types");
  return Array.from({ length: layers }, (_, i) =>
    types ? types[i] === "sliding_attention" : (i + 1) % pattern !== 0,
  );
}
