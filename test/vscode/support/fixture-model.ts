/**
 * Writes the reward model of the tests in the workbench. It is constructed, not trained, so that a test can state which
 * tokens are low and which completion wins, independent of the current default model:
 *
 * - the word "oops" has a Q-value below -0.1, and every other token one above 0.1;
 * - a completion with "oops" has a reward below 0, and any other a reward above 0, up to 400 tokens.
 *
 * Its dimensions are those of the default model, so that it takes as long. Layer 0 averages a value over all tokens up
 * to the current one, which the reward head reads; the other layers add nothing.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeGoalState } from "../../../extension/engine/checkpoint/goals/goal-store";
import {
  type NewTensor,
  writeSafetensors,
} from "../../../extension/engine/checkpoint/publishing/safetensors-writer";
import { writeRewardQuantiles } from "../../../extension/engine/scoring/reward-quantiles";
import { root } from "../../support/fixture";

/** Folder of workspace files whose words are in the model's vocabulary. */
export const samples = join(root, "test/fixtures/workbench");
export const lowWord = "oops";

const [hidden, inner, layers, headWidth] = [192, 512, 4, 32];
const special = ["<|pad|>", "<|endoftext|>"];

export async function writeFixtureModel(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tokens = await vocabulary();
  const json = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value));
  await json("config.json", configOf(tokens.length));
  await json("tokenizer.json", tokenizerOf(tokens));
  await json("tokenizer_config.json", tokenizerConfig);
  await writeSafetensors(join(folder, "model.safetensors"), weightsOf(tokens), { format: "pt" });
  const goal = new Float32Array(hidden);
  goal[dimension.quality] = 1;
  await writeGoalState(
    folder,
    { name: "preferred", prototypes: 1, data: goal },
    {
      model: "",
      dataset: "",
      strategy: "last",
      completions: 1,
      seed: 1,
      created: "2026-01-01T00:00:00.000Z",
    },
  );
  await writeRewardQuantiles(
    folder,
    Array.from({ length: 21 }, (_, i) => i - 15),
  );
  await writeFile(join(folder, "README.md"), "# Fixture\n\nA model that finds one word low.\n");
}

/** Meaning of the first dimensions of the hidden state; the dimensions after them distinguish tokens. */
const dimension = { quality: 0, value: 1, filler: 2 } as const;
const fillers = 16;

/** Makes an embedding whose rows have norm 1. */
function embedding(tokens: readonly string[]): NewTensor {
  const data = new Float32Array(tokens.length * hidden);
  tokens.forEach((token, id) => {
    const isLow = token.replace("Ġ", "").toLowerCase() === lowWord;
    const quality = isLow ? -0.6 : 0.4 + 0.05 * ((7 * id) % 11);
    const value = isLow ? -0.8 : 0.001 + 0.0002 * ((5 * id) % 11);
    const rest = isLow ? 0 : Math.sqrt(1 - quality ** 2);
    data[id * hidden + dimension.quality] = quality;
    data[id * hidden + dimension.value] = value;
    data[id * hidden + dimension.filler + (id % fillers)] = rest;
  });
  return { shape: [tokens.length, hidden], data };
}

function weightsOf(tokens: readonly string[]): Record<string, NewTensor> {
  const tensors: Record<string, NewTensor> = {
    "model.embed_tokens.weight": embedding(tokens),
    "model.norm.weight": filled([hidden], 1),
    "score.weight": filled([1, hidden], 0, [dimension.value, 30]),
  };
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    for (const norm of ["input_layernorm", "post_attention_layernorm"])
      tensors[`${at}.${norm}.weight`] = filled([hidden], 1);
    // Queries and keys of 0 attend to all tokens alike.
    for (const name of ["q_proj", "k_proj", "v_proj", "o_proj"])
      tensors[`${at}.self_attn.${name}.weight`] = filled([hidden, hidden], 0);
    for (const name of ["gate_proj", "up_proj"])
      tensors[`${at}.mlp.${name}.weight`] = filled([inner, hidden], 0);
    tensors[`${at}.mlp.down_proj.weight`] = filled([hidden, inner], 0);
  }
  const attention = "model.layers.0.self_attn";
  tensors[`${attention}.v_proj.weight`] = filled([hidden, hidden], 0, [dimension.value, 0.3]);
  tensors[`${attention}.o_proj.weight`] = filled([hidden, hidden], 0, [dimension.value * hidden, 1]);
  return tensors;
}

/** @param one index and value of an element that differs */
function filled(
  shape: readonly number[],
  value: number,
  one?: readonly [index: number, value: number],
): NewTensor {
  const data = new Float32Array(shape.reduce((count, dim) => count * dim, 1)).fill(value);
  if (one !== undefined) data[one[0]] = one[1];
  return { shape, data };
}

/** Lists all bytes as byte-level BPE encodes them, and every word of the samples with and without a leading space. */
async function vocabulary(): Promise<string[]> {
  const names = ["pairs.jsonl", "samples.jsonl", "solution.md"];
  const texts = await Promise.all(names.map((name) => readFile(join(samples, name), "utf8")));
  const words = new Set(texts.flatMap((text) => text.replaceAll("\\n", "\n").match(/[A-Za-z]{2,}/g) ?? []));
  const whole = [...words, lowWord, "Oops"].flatMap((word) => [word, `Ġ${word}`]);
  return [...new Set([...special, ...bytes(), ...whole])];
}

/** Lists the characters that represent bytes, see https://github.com/openai/gpt-2/blob/master/src/encoder.py */
function bytes(): string[] {
  const isPlain = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPlain(byte) ? byte : next++));
}

function tokenizerOf(tokens: readonly string[]): unknown {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    })),
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [],
    },
  };
}

const tokenizerConfig = {
  tokenizer_class: "PreTrainedTokenizerFast",
  eos_token: "<|endoftext|>",
  pad_token: "<|pad|>",
  clean_up_tokenization_spaces: false,
  model_max_length: 512,
  chat_template:
    "{% for message in messages %}{% if message.role == 'assistant' %}{{ message.content + eos_token }}{% else %}{{ message.content + '\\n' }}{% endif %}{% endfor %}",
};

function configOf(tokens: number): unknown {
  return {
    architectures: ["LlamaForSequenceClassification"],
    model_type: "llama",
    hidden_size: hidden,
    intermediate_size: inner,
    num_hidden_layers: layers,
    num_attention_heads: hidden / headWidth,
    num_key_value_heads: hidden / headWidth,
    head_dim: headWidth,
    max_position_embeddings: 512,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    hidden_act: "silu",
    tie_word_embeddings: true,
    pad_token_id: 0,
    eos_token_id: 1,
    vocab_size: tokens,
    dtype: "float32",
    num_labels: 1,
    id2label: { 0: "LABEL_0" },
    label2id: { LABEL_0: 0 },
  };
}
