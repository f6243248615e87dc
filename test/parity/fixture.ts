/** Reads a fixture of make_fixtures.py and runs the engine on it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readDecoder } from "../../extension/engine/architecture/families/families";
import { findRewardHead } from "../../extension/engine/checkpoint/heads/reward-head";
import { Checkpoint } from "../../extension/engine/checkpoint/reading/checkpoint";
import { readSafetensors, readTensor } from "../../extension/engine/model-folder/safetensors";
import type { Device } from "../../extension/engine/runtime/device";
import { type BatchScores, ScoringSession } from "../../extension/engine/runtime/session";

const root = join(import.meta.dirname, "fixtures");
export const fixtureNames = readdirSync(root).sort();
export const fixtureFolder = (name: string): string => join(root, name);

/** One sequence and PyTorch's outputs for it alone. */
export interface Sequence {
  readonly ids: Int32Array;
  /** [T,H] last hidden states. */
  readonly hidden: Float32Array;
  /** [T] partial rewards; absent without a reward head. */
  readonly partialReward: Float32Array | undefined;
  /** [T,G] Q-values. */
  readonly q: Float32Array;
  /** The reward of the transformers class; absent if the fixture does not store it. */
  readonly reward: number | undefined;
}

export interface Expected {
  readonly sequences: readonly Sequence[];
  /** [G,H] goal states. */
  readonly goals: { readonly count: number; readonly data: Float32Array };
}

export async function readExpected(name: string): Promise<Expected> {
  const { tensors } = await readSafetensors(join(fixtureFolder(name), "expected.safetensors"));
  const buffer = async (tensor: string): Promise<ArrayBuffer> => {
    const stored = tensors.get(tensor);
    if (!stored) throw new Error(`${name} has no ${tensor}`);
    return (await readTensor(stored)).buffer;
  };
  const floats = async (tensor: string): Promise<Float32Array> => new Float32Array(await buffer(tensor));
  const sequences: Sequence[] = [];
  for (let i = 0; tensors.has(`ids_${i}`); i++) {
    sequences.push({
      ids: new Int32Array(await buffer(`ids_${i}`)),
      hidden: await floats(`hidden_${i}`),
      partialReward: tensors.has(`partial_${i}`) ? await floats(`partial_${i}`) : undefined,
      q: await floats(`q_${i}`),
      reward: tensors.has(`reward_${i}`) ? (await floats(`reward_${i}`))[0] : undefined,
    });
  }
  return { sequences, goals: { count: tensors.get("goals")?.shape[0] ?? 0, data: await floats("goals") } };
}

export async function openSession(folder: string, device: Device, base?: string): Promise<ScoringSession> {
  const checkpoint = await Checkpoint.open(folder, base);
  const decoder = readDecoder(checkpoint.config);
  const head = findRewardHead(checkpoint.tensors, decoder.shape.hiddenSize);
  return ScoringSession.create(checkpoint, decoder, head, device);
}

/** Largest absolute differences from PyTorch; infinite for a missing output. */
export interface Differences {
  hidden: number;
  partialReward: number;
  q: number;
}

/** Runs the sequences in the given batches of indices, padded on the right to the longest. */
export async function differences(
  session: ScoringSession,
  { sequences, goals }: Expected,
  batches: readonly (readonly number[])[],
): Promise<Differences> {
  const worst: Differences = { hidden: 0, partialReward: 0, q: 0 };
  for (const batch of batches) {
    const members = batch.map((i) => sequences[i]).filter((sequence) => sequence !== undefined);
    const scores = await session.run(
      members.map(({ ids }) => ids),
      goals,
      true,
    );
    members.forEach((sequence, b) => {
      for (const key of ["hidden", "partialReward", "q"] as const) {
        worst[key] = Math.max(worst[key], difference(scores, key, b, sequence));
      }
    });
  }
  return worst;
}

function difference(scores: BatchScores, key: keyof Differences, row: number, sequence: Sequence): number {
  const [actual, expected] = [scores[key], sequence[key]];
  if (!actual || !expected) return actual || expected ? Number.POSITIVE_INFINITY : 0;
  const perToken = expected.length / sequence.ids.length;
  const start = row * scores.length * perToken;
  return expected.reduce(
    (worst, x, i) => Math.max(worst, Math.abs(x - (actual[start + i] ?? Number.NaN))),
    0,
  );
}
