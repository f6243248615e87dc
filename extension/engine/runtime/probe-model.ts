/** The model with which devices are measured: a small Llama with random weights, in a temporary folder. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NewTensor, writeSafetensors } from "../checkpoint/publishing/safetensors-writer";
import { exists } from "../model-folder/folder";
import { isProcessRunning } from "../processes";
import { randomSequence } from "../random";

const layers = 2;
const width = 512;
const inner = 1408;
const heads = 8;
const keyValueHeads = 4;
export const probeVocabulary = 512;

const config = {
  model_type: "llama",
  num_hidden_layers: layers,
  hidden_size: width,
  intermediate_size: inner,
  num_attention_heads: heads,
  num_key_value_heads: keyValueHeads,
  vocab_size: probeVocabulary,
  max_position_embeddings: 1024,
  // One layer of each kind, because a provider may be wrong for only one of them.
  layer_types: ["full_attention", "sliding_attention"],
  sliding_window: 32,
};

const prefix = "reward-inspector-probe-";

/** Calls `work` with a temporary folder and removes it afterwards. Also removes folders that killed processes left. */
export async function withProbeFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  await removeOrphaned();
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the model unless it exists. Slow, so not for a process that serves requests. */
export async function writeProbeModel(folder: string): Promise<void> {
  const whole = join(folder, "config.json");
  if (await exists(whole)) return;
  await writeSafetensors(join(folder, "model.safetensors"), tensors());
  await writeFile(whole, JSON.stringify(config));
}

/** Removes the folders of processes that no longer exist. */
async function removeOrphaned(): Promise<void> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  const isOrphaned = (name: string): boolean =>
    !isProcessRunning(Number.parseInt(name.slice(prefix.length), 10));
  await Promise.all(
    folders
      .filter(isOrphaned)
      // Removing another user's folder fails, which is fine.
      .map((name) => rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)),
  );
}

function tensors(): Record<string, NewTensor> {
  const random = randomSequence(1);
  /** Uniform weights with variance 1/inputs, so that activations keep their scale across layers. */
  const matrix = (out: number, inputs: number): NewTensor => ({
    shape: [out, inputs],
    data: Float32Array.from({ length: out * inputs }, () => (2 * random() - 1) * Math.sqrt(3 / inputs)),
  });
  const ones: NewTensor = { shape: [width], data: new Float32Array(width).fill(1) };
  const keys = (width / heads) * keyValueHeads;
  const all: Record<string, NewTensor> = {
    "model.embed_tokens.weight": matrix(probeVocabulary, width),
    "model.norm.weight": ones,
    "score.weight": matrix(1, width),
  };
  for (let i = 0; i < layers; i++) {
    const at = `model.layers.${i}`;
    all[`${at}.input_layernorm.weight`] = ones;
    all[`${at}.post_attention_layernorm.weight`] = ones;
    all[`${at}.self_attn.q_proj.weight`] = matrix(width, width);
    all[`${at}.self_attn.k_proj.weight`] = matrix(keys, width);
    all[`${at}.self_attn.v_proj.weight`] = matrix(keys, width);
    all[`${at}.self_attn.o_proj.weight`] = matrix(width, width);
    all[`${at}.mlp.gate_proj.weight`] = matrix(inner, width);
    all[`${at}.mlp.up_proj.weight`] = matrix(inner, width);
    all[`${at}.mlp.down_proj.weight`] = matrix(width, inner);
  }
  return all;
}
