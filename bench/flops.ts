/** Counts the floating-point operations of one forward pass from the model's shapes. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Checkpoint } from "../extension/engine/checkpoint/reading/checkpoint";

export interface Work {
  /** Number of parameters in the linear layers, each of which costs two operations per token. */
  readonly linear: number;
  readonly layers: number;
  /** heads · headDim */
  readonly attentionWidth: number;
  readonly hiddenSize: number;
  readonly innerSize: number;
}

export async function workOf(folder: string): Promise<Work> {
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as Record<string, number>;
  const { tensors } = await Checkpoint.open(folder);
  let linear = 0;
  for (const [name, { shape }] of tensors) {
    if (shape.length === 2 && !name.includes("embed")) linear += (shape[0] ?? 0) * (shape[1] ?? 0);
  }
  const hiddenSize = config.hidden_size ?? 0;
  const heads = config.num_attention_heads ?? 1;
  return {
    linear,
    layers: config.num_hidden_layers ?? 0,
    attentionWidth: heads * (config.head_dim ?? hiddenSize / heads),
    hiddenSize,
    innerSize: config.intermediate_size ?? 0,
  };
}

/** Counts half of each attention product, which is all that causal attention needs. */
export function flopsOf(work: Work, rows: number, length: number): number {
  const attention = 2 * length ** 2 * work.attentionWidth * work.layers;
  return rows * (2 * work.linear * length + attention);
}
