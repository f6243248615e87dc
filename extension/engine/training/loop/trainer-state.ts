/** Stores and restores what a checkpoint needs for a run to resume exactly: progress, parameters and moments. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type NewTensor, writeSafetensors } from "../../checkpoint/publishing/safetensors-writer";
import { readTensorAsFloats } from "../../checkpoint/reading/float-tensor";
import { InputError, messageOf } from "../../errors";
import { writeWhole } from "../../files";
import { readSafetensors } from "../../model-folder/safetensors";
import type { Moments, TrainedTensor } from "../optimizer";

export interface Best {
  readonly step: number;
  readonly loss: number;
  readonly accuracy?: number | undefined;
}

/** Progress of a run. Random draws depend only on seed and step, so no generator state is stored. */
export interface TrainingProgress {
  /** Last step done. */
  readonly step: number;
  readonly best?: Best | undefined;
  /** Number of evaluations since the best one. */
  readonly sinceBest: number;
}

const progressFile = "trainer_state.json";
const tensorsFile = "trainer_state.safetensors";

export async function writeState(
  folder: string,
  progress: TrainingProgress,
  tensors: readonly TrainedTensor[],
  moments: readonly Moments[],
): Promise<void> {
  const stored: Record<string, NewTensor> = {};
  tensors.forEach(({ name, shape, data }, i) => {
    const own = moments[i];
    if (!own) throw new Error(`${name} has no moments`);
    stored[`parameter ${name}`] = { shape, data };
    stored[`first ${name}`] = { shape, data: own.first };
    stored[`second ${name}`] = { shape, data: own.second };
  });
  await writeSafetensors(join(folder, tensorsFile), stored);
  await writeWhole(join(folder, progressFile), (file) =>
    file.write(`${JSON.stringify(progress, null, 2)}\n`),
  );
}

/** Copies a checkpoint's parameters into the tensors. Throws InputError if it belongs to another model or method. */
export async function readState(
  folder: string,
  tensors: readonly TrainedTensor[],
): Promise<{ progress: TrainingProgress; moments: Moments[] }> {
  const progress = await readProgress(folder);
  const { tensors: stored } = await readSafetensors(join(folder, tensorsFile));
  const read = async (kind: string, { name, shape }: TrainedTensor): Promise<Float32Array> => {
    const tensor = stored.get(`${kind} ${name}`);
    if (!tensor || `${tensor.shape}` !== `${shape}`) {
      const has = tensor ? `has ${name} with shape [${tensor.shape}]` : `has no ${name}`;
      throw new InputError(
        folder,
        `${has}, but the run trains it with shape [${shape}]; this checkpoint belongs to another model or method`,
      );
    }
    return readTensorAsFloats(tensor);
  };
  const moments: Moments[] = [];
  for (const tensor of tensors) {
    tensor.data.set(await read("parameter", tensor));
    moments.push({ first: await read("first", tensor), second: await read("second", tensor) });
  }
  const parts = stored.size / 3;
  if (parts !== tensors.length)
    throw new InputError(
      folder,
      `has ${parts} trained tensors, but the run trains ${tensors.length}; this checkpoint belongs to another model or method`,
    );
  return { progress, moments };
}

async function readProgress(folder: string): Promise<TrainingProgress> {
  try {
    const value = JSON.parse(await readFile(join(folder, progressFile), "utf8")) as Partial<TrainingProgress>;
    if (!Number.isSafeInteger(value.step) || typeof value.sinceBest !== "number")
      throw new Error("step or sinceBest is missing");
    return value as TrainingProgress;
  } catch (error) {
    throw new InputError(
      folder,
      `cannot be resumed from: ${basename(progressFile)} is missing or broken (${messageOf(error)}); delete this folder to resume from the previous checkpoint`,
    );
  }
}
