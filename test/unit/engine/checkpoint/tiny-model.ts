import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NewTensor } from "../../../../extension/engine/checkpoint/publishing/safetensors-writer";
import { Checkpoint } from "../../../../extension/engine/checkpoint/reading/checkpoint";
import { temporaryFolder } from "../../../support/temp-folder";
import { writeZeros } from "../model-folder/safetensors-file";

export const llamaConfig = { model_type: "llama", vocab_size: 6, eos_token_id: 2 };

export const llamaShapes = {
  "model.embed_tokens.weight": [6, 4],
  "model.layers.0.self_attn.q_proj.weight": [4, 4],
  "model.layers.0.mlp.up_proj.weight": [8, 4],
  "model.norm.weight": [4],
} as const;

/** Creates a folder with the given config.json, as text or values, and tensors of zeros. */
export async function tinyModel(
  config: string | Readonly<Record<string, unknown>> = llamaConfig,
  shapes: Readonly<Record<string, readonly number[]>> = llamaShapes,
  dtype = "F32",
): Promise<Checkpoint> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  await writeZeros(join(folder, "model.safetensors"), shapes, dtype);
  return Checkpoint.open(folder);
}

/** Creates an adapter for q_proj of layer 0 of such a model. */
export async function tinyAdapter(): Promise<Checkpoint> {
  const base = await tinyModel();
  const folder = join(base.folder, "adapter");
  await mkdir(folder);
  await writeFile(
    join(folder, "adapter_config.json"),
    JSON.stringify({ r: 2, base_model_name_or_path: ".." }),
  );
  const at = "base_model.model.model.layers.0.self_attn.q_proj";
  await writeZeros(join(folder, "adapter_model.safetensors"), {
    [`${at}.lora_A.weight`]: [2, 4],
    [`${at}.lora_B.weight`]: [4, 2],
    "base_model.model.score.weight": [1, 4],
  });
  return Checkpoint.open(folder);
}

export function ramp(shape: readonly number[]): NewTensor {
  const length = shape.reduce((count, dim) => count * dim, 1);
  return { shape, data: Float32Array.from({ length }, (_, i) => i + 1) };
}
