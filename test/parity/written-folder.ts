/** Trained models as the writers get them, made of the fixtures, and what the engine says of the folders written. */
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

/** A float32 tensor times `factor`. */
export async function scaled(tensor: StoredTensor, factor: number): Promise<NewTensor> {
  const data = new Float32Array((await readTensor(tensor)).buffer);
  return { shape: tensor.shape, data: data.map((x) => x * factor) };
}

/** What training changes: half of the decoder's float32 tensors, and a new or changed linear head. */
export async function trainedTensors(source: Checkpoint): Promise<Map<string, NewTensor>> {
  const trained = new Map<string, NewTensor>();
  for (const [i, [name, tensor]] of [...source.tensors].entries()) {
    const isDecoder = /(^|\.)(layers|h)\.\d/.test(name) && !name.includes("vision");
    if (tensor.type === "F32" && isDecoder && i % 2 === 0) trained.set(name, await scaled(tensor, 1.1));
  }
  return new Map([...trained, ...newHead(source)]);
}

/** A new head, under the name of the one the source has. */
export function newHead(source: Checkpoint): Map<string, NewTensor> {
  const hidden = (source.config.section("text_config") ?? source.config).size("hidden_size", "n_embd");
  const name = ["value_head.weight", "v_head.summary.weight"].find((head) => source.tensors.has(head));
  return new Map([[name ?? "score.weight", randomTensor([1, hidden], 11, 0.3)]]);
}

/** An adapter of the attention and of half of the MLPs' layers. */
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
  /** At the token that the folder's own rule names. */
  readonly reward: number;
}

/** Hidden states [T,H], partial rewards [T] and reward by sequence of the fixture `name`. */
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

/** Leaves the engine's scores of a written folder in it, as check_written.py reads them. */
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
