/** Makes trained models from the fixtures for the writers, and scores the written folders with the engine. */
import { join } from "node:path";
import { readDecoder } from "../../extension/engine/architecture/families/families";
import { rewardHeadOf } from "../../extension/engine/checkpoint/heads/reward-head";
import { rewardToken, rewardTokenRule } from "../../extension/engine/checkpoint/heads/reward-token";
import type {
  TrainedAdapter,
  TrainedLowRank,
} from "../../extension/engine/checkpoint/publishing/adapter-writer";
import {
  type NewTensor,
  writeSafetensors,
} from "../../extension/engine/checkpoint/publishing/safetensors-writer";
import { Checkpoint } from "../../extension/engine/checkpoint/reading/checkpoint";
import { readTensor, type StoredTensor } from "../../extension/engine/model-folder/safetensors";
import { randomSequence } from "../../extension/engine/random";
import { openSession, readExpected } from "./fixture";

export function randomTensor(shape: readonly number[], seed: number, scale = 1): NewTensor {
  const random = randomSequence(seed);
  const length = shape.reduce((count, dim) => count * dim, 1);
  return { shape, data: Float32Array.from({ length }, () => (2 * random() - 1) * scale) };
}

/** Multiplies a float32 tensor by `factor`. */
export async function scaled(tensor: StoredTensor, factor: number): Promise<NewTensor> {
  const data = new Float32Array((await readTensor(tensor)).buffer);
  return { shape: tensor.shape, data: data.map((x) => x * factor) };
}

/** Simulates training, which changes half of the decoder's float32 tensors and adds or changes a linear head. */
export async function trainedTensors(source: Checkpoint): Promise<Map<string, NewTensor>> {
  const trained = new Map<string, NewTensor>();
  for (const [i, [name, tensor]] of [...source.tensors].entries()) {
    const isDecoder = /(^|\.)(layers|h)\.\d/.test(name) && !name.includes("vision");
    if (tensor.type === "F32" && isDecoder && i % 2 === 0) trained.set(name, await scaled(tensor, 1.1));
  }
  return new Map([...trained, ...newHead(source)]);
}

/** Makes a new head with the name of the source's head. */
export function newHead(source: Checkpoint): Map<string, NewTensor> {
  const hidden = (source.config.section("text_config") ?? source.config).size("hidden_size", "n_embd");
  const name = ["value_head.weight", "v_head.summary.weight"].find((head) => source.tensors.has(head));
  return new Map([[name ?? "score.weight", randomTensor([1, hidden], 11, 0.3)]]);
}

/** Makes an adapter of the attention and of half of the MLP layers. */
export async function trainedAdapter(source: Checkpoint): Promise<TrainedAdapter> {
  const lowRank = new Map<string, TrainedLowRank>();
  const layers = [...source.tensors].filter(
    ([name, { shape }]) =>
      /(^|\.)(layers|h)\.\d.*\.weight$/.test(name) && !name.includes("vision") && shape.length === 2,
  );
  for (const [i, [name, { shape }]] of layers.entries()) {
    if (/mlp/.test(name) && i % 2 === 0) continue;
    const [first = 0, second = 0] = shape;
    const [inputs, out] = name.includes(".c_") ? [first, second] : [second, first];
    lowRank.set(name.replace(/\.weight$/, ""), {
      a: randomTensor([3, inputs], i, 0.3),
      b: randomTensor([out, 3], 100 + i, 0.3),
    });
  }
  return { rank: 3, alpha: 5, dropout: 0.1, targets: [], lowRank, head: newHead(source) };
}

interface EngineScores {
  readonly ids: Int32Array;
  readonly hidden: Float32Array;
  readonly partialReward: Float32Array;
  /** Reward at the token that the folder's configuration selects. */
  readonly reward: number;
}

/** Hidden states [T,H], partial rewards [T] and reward of each sequence of the fixture `name`. */
export async function engineScores(folder: string, name: string): Promise<readonly EngineScores[]> {
  const { sequences } = await readExpected(name);
  const checkpoint = await Checkpoint.open(folder);
  const { hiddenSize } = readDecoder(checkpoint.config).shape;
  const rule = rewardTokenRule(checkpoint, rewardHeadOf(checkpoint, hiddenSize));
  const session = await openSession(folder, { provider: "cpu", kernels: "primitive" });
  const scores = [];
  for (const { ids } of sequences) {
    const { hidden, partialReward } = await session.run([ids], { count: 0, data: new Float32Array() }, true);
    scores.push({
      ids,
      hidden: hidden ?? new Float32Array(),
      partialReward: partialReward ?? new Float32Array(),
      reward: partialReward?.[rewardToken(ids, rule)] ?? Number.NaN,
    });
  }
  await session.release();
  return scores;
}

/** Writes the engine's scores of a written folder into it, for check_written.py. */
export async function leaveScores(folder: string, name: string): Promise<void> {
  const tensors: Record<string, NewTensor> = {};
  for (const [i, { ids, hidden, partialReward, reward }] of (await engineScores(folder, name)).entries()) {
    tensors[`ids_${i}`] = { shape: [ids.length], data: Float32Array.from(ids) };
    tensors[`hidden_${i}`] = { shape: [ids.length, hidden.length / ids.length], data: hidden };
    tensors[`partial_${i}`] = { shape: [partialReward.length], data: partialReward };
    tensors[`reward_${i}`] = { shape: [1], data: Float32Array.of(reward) };
  }
  await writeSafetensors(join(folder, "engine.safetensors"), tensors);
}
