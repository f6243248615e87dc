/** Llama and its variants: pre-norm, rotary positions, gated MLP. */

import { InputError } from "../../errors";
import type { Value } from "../../graph/graph";
import { add, mul } from "../../graph/ops/elementwise";
import { reshape, split } from "../../graph/ops/layout";
import { scalar } from "../../graph/ops/operands";
import type { Config } from "../../model-folder/config";
import type { BuildContext, DecoderGraph, DecoderShape, Family, ModelType } from "../family";
import { type Activation, activationOf, embedding, flatAttention, linear, width } from "../layers";
import { Rope } from "../rope";

/** Settings in which the members of this family differ. */
export interface LlamaSettings extends DecoderShape {
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly epsilon: number;
  readonly activation: Activation;
  readonly attentionScale: number;
  /** Factor applied to embeddings: √H in Gemma. */
  readonly embeddingScale?: number | undefined;
  /** Whether norm weights are stored minus 1, as in Gemma. */
  readonly isNormOffset: boolean;
  /** Whether the outputs of attention and MLP are normalized too, as in Gemma. */
  readonly hasPostNorms: boolean;
  /** Sliding window of each layer, in tokens; undefined for full attention. */
  readonly windows: readonly (number | undefined)[];
  /** Rope of each layer. */
  readonly ropes: readonly Rope[];
}

export function readLlama(config: Config, ropes?: readonly Rope[]): LlamaSettings {
  const layers = config.layers("num_hidden_layers");
  const hiddenSize = config.size("hidden_size");
  const heads = config.size("num_attention_heads");
  const headDim = config.optionalSize("head_dim") ?? hiddenSize / heads;
  if (!Number.isInteger(headDim)) throw config.fault("num_attention_heads", "a divisor of hidden_size");
  const keyValueHeads = config.optionalSize("num_key_value_heads") ?? heads;
  if (heads % keyValueHeads !== 0)
    throw config.fault("num_key_value_heads", "a divisor of num_attention_heads");
  const maxPositions = config.size("max_position_embeddings");
  return {
    layers,
    hiddenSize,
    vocabularySize: config.size("vocab_size"),
    maxPositions,
    heads,
    keyValueHeads,
    headDim,
    keyValueWidth: keyValueHeads * headDim,
    innerSize: config.size("intermediate_size"),
    epsilon: config.number("rms_norm_eps", 1e-6),
    activation: activationOf(config, "hidden_act", "silu"),
    attentionScale: 1 / Math.sqrt(headDim),
    isNormOffset: false,
    hasPostNorms: false,
    windows: windowsOf(config, layers),
    ropes: ropes ?? Array<Rope>(layers).fill(ropeOf(config, headDim, maxPositions)),
  };
}

/** The rope that a config describes: `rope_parameters` (transformers 5), or `rope_theta` with `rope_scaling`. */
export function ropeOf(config: Config, headDim: number, maxPositions: number, section?: Config): Rope {
  const parameters = section ?? config.section("rope_parameters") ?? config.section("rope_scaling");
  const fraction = parameters?.number("partial_rotary_factor", 1) ?? 1;
  const rotated = config.has("partial_rotary_factor") ? config.number("partial_rotary_factor", 1) : fraction;
  return Rope.from({
    dim: Math.floor(headDim * rotated),
    theta: parameters?.has("rope_theta")
      ? parameters.number("rope_theta", 10000)
      : config.number("rope_theta", 10000),
    scaling: parameters && withOriginalLength(parameters, config),
    maxPositions,
    place: config.place,
  });
}

/** Phi-3 has the original length at the top level of config.json, not in the section. */
function withOriginalLength(parameters: Config, config: Config): Config {
  const original = config.optionalSize("original_max_position_embeddings");
  return original === undefined
    ? parameters
    : parameters.with({ original_max_position_embeddings: original });
}

/** Sliding window of each layer, from `layer_types` or, if that is missing, from the older keys. */
function windowsOf(config: Config, layers: number): (number | undefined)[] {
  // Qwen's configs set sliding_window, but it applies only if this flag is true.
  const isOnByDefault = !config.string("model_type", "").startsWith("qwen");
  const window = config.flag("use_sliding_window", isOnByDefault)
    ? config.optionalSize("sliding_window")
    : undefined;
  const types = config.strings("layer_types");
  const from = config.number("max_window_layers", 0);
  return Array.from({ length: layers }, (_, i) =>
    (types ? types[i] === "sliding_attention" : i >= from) ? window : undefined,
  );
}

/** transformers' defaults for keys that config.json omits, if they differ from Llama's. */
const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  llama: {},
  mistral: { sliding_window: 4096 },
  qwen2: { max_window_layers: 28 },
  qwen3: { max_window_layers: 28, head_dim: 128 },
  phi3: { rms_norm_eps: 1e-5, original_max_position_embeddings: 4096 },
};

export const llama: Family = {
  name: "llama",
  landmark: "embed_tokens.weight",
  modelTypes: {
    llama: { ...publishedLikeLlama("Llama"), canBeNew: true },
    mistral: { ...publishedLikeLlama("Mistral"), canBeNew: true },
    qwen2: publishedLikeLlama("Qwen2"),
    qwen3: publishedLikeLlama("Qwen3"),
    phi3: publishedLikeLlama("Phi3"),
  },
  read: (config) => llamaDecoder(readLlama(config.with(defaults[config.string("model_type", "")] ?? {}))),
};

/** The published class of a decoder that transformers calls `name` and whose tensors are named as Llama's. */
export function publishedLikeLlama(name: string): ModelType {
  return { architecture: `${name}ForSequenceClassification`, prefix: "model." };
}

export function llamaDecoder(settings: LlamaSettings): DecoderGraph {
  return {
    shape: settings,
    build: (context) => build(context, settings),
  };
}

function build(context: BuildContext, settings: LlamaSettings): Value {
  const { hiddenSize, vocabularySize, embeddingScale } = settings;
  let x = embedding(context, "embed_tokens.weight", vocabularySize, hiddenSize);
  if (embeddingScale !== undefined) x = mul(x, scalar(x, embeddingScale));
  for (let i = 0; i < settings.layers; i++) x = layer(context, settings, i, x);
  return norm(context, settings, "norm", x);
}

/** Names of the norms before and after attention and MLP: `plain` without norms after them, `post` with. */
const normNames = {
  plain: { mlp: "post_attention_layernorm" },
  post: {
    mlp: "pre_feedforward_layernorm",
    afterAttention: "post_attention_layernorm",
    afterMlp: "post_feedforward_layernorm",
  },
};

function layer(context: BuildContext, settings: LlamaSettings, i: number, x: Value): Value {
  const at = `layers.${i}`;
  const names: { mlp: string; afterAttention?: string; afterMlp?: string } = settings.hasPostNorms
    ? normNames.post
    : normNames.plain;
  const maybeNorm = (name: string | undefined, y: Value): Value =>
    name === undefined ? y : norm(context, settings, `${at}.${name}`, y);

  const attended = attention(context, settings, i, norm(context, settings, `${at}.input_layernorm`, x));
  const y = add(x, maybeNorm(names.afterAttention, attended));
  const mixed = gatedMlp(context, settings, `${at}.mlp`, norm(context, settings, `${at}.${names.mlp}`, y));
  return add(y, maybeNorm(names.afterMlp, mixed));
}

function attention(context: BuildContext, settings: LlamaSettings, i: number, x: Value): Value {
  const { weights, kernels } = context;
  const { heads, keyValueHeads, headDim } = settings;
  const at = `layers.${i}.self_attn`;
  const sizes = [heads * headDim, keyValueHeads * headDim, keyValueHeads * headDim] as const;
  const [q, k, v] = weights.has(`${at}.qkv_proj.weight`)
    ? split(linear(weights, `${at}.qkv_proj`, x, sizes[0] + sizes[1] + sizes[2]), sizes, 1)
    : [
        linear(weights, `${at}.q_proj`, x, sizes[0]),
        linear(weights, `${at}.k_proj`, x, sizes[1]),
        linear(weights, `${at}.v_proj`, x, sizes[2]),
      ];
  const rope = settings.ropes[i];
  if (!q || !k || !v || !rope) throw new Error(`layer ${i}: query, key, value or rope is missing`);
  const mixed = flatAttention(
    kernels,
    headNorm(context, settings, `${at}.q_norm`, q),
    headNorm(context, settings, `${at}.k_norm`, k),
    v,
    {
      heads,
      keyValueHeads,
      headDim,
      scale: settings.attentionScale,
      window: settings.windows[i],
      softCap: settings.attentionSoftCap,
      rotary: context.rotary(rope),
    },
  );
  return linear(weights, `${at}.o_proj`, mixed, settings.hiddenSize);
}

/** Normalizes each head of queries or keys (Qwen 3, Gemma 3). x: [N,heads·D] → same shape. */
function headNorm(context: BuildContext, settings: LlamaSettings, name: string, x: Value): Value {
  if (!context.weights.has(`${name}.weight`)) return x;
  const perHead = reshape(x, ["B*T", width(x) / settings.headDim, settings.headDim]);
  return reshape(norm(context, settings, name, perHead), x.shape);
}

/** down(act(gate(x)) ⊙ up(x)). x: [N,H] → [N,H]. */
function gatedMlp(context: BuildContext, settings: LlamaSettings, at: string, x: Value): Value {
  const { weights, kernels } = context;
  const { innerSize: size } = settings;
  const [gate, up] = weights.has(`${at}.gate_up_proj.weight`)
    ? split(linear(weights, `${at}.gate_up_proj`, x, 2 * size), [size, size], 1)
    : [linear(weights, `${at}.gate_proj`, x, size), linear(weights, `${at}.up_proj`, x, size)];
  if (!gate || !up) throw new InputError(at, "has no gate_proj or up_proj");
  return linear(weights, `${at}.down_proj`, mul(settings.activation(kernels, gate), up), settings.hiddenSize);
}

function norm({ weights, kernels }: BuildContext, settings: LlamaSettings, name: string, x: Value): Value {
  const stored = weights.parameter(`${name}.weight`, [width(x)]);
  const weight = settings.isNormOffset ? add(stored, scalar(stored, 1)) : stored;
  return kernels.rmsNorm(x, weight, settings.epsilon);
}
