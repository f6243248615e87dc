/** What a run needs to go on from a checkpoint as if it had never stopped. */
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

/** Draws come from seed and step, so no state of a generator is needed. */
export interface Progress {
  /** Steps done. */
  readonly step: number;
  readonly best?: Best | undefined;
  /** Evaluations since the best one. */
  readonly sinceBest: number;
}

const progressFile = "trainer_state.json";
const tensorsFile = "trainer_state.safetensors";

export async function writeState(
  folder: string,
  progress: Progress,
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

/** Fills the tensors with what a checkpoint holds. Throws InputError where it is of another model. */
export async function readState(
  folder: string,
  tensors: readonly TrainedTensor[],
): Promise<{ progress: Progress; moments: Moments[] }> {
  const progress = await readProgress(folder);
  const { tensors: stored } = await readSafetensors(join(folder, tensorsFile));
  const read = async (kind: string, { name, shape }: TrainedTensor): Promise<Float32Array> => {
    const tensor = stored.get(`${kind} ${name}`);
    if (!tensor || `${tensor.shape}` !== `${shape}`) {
      const has = tensor ? `has ${name} as [${tensor.shape}]` : `has no ${name}`;
      throw new InputError(
        folder,
        `${has}, but the run trains it as [${shape}]: this checkpoint is of another model or method`,
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
      `holds ${parts} trained tensors, but the run trains ${tensors.length}: it is of another model or method`,
    );
  return { progress, moments };
}

async function readProgress(folder: string): Promise<Progress> {
  try {
    const value = JSON.parse(await readFile(join(folder, progressFile), "utf8")) as Partial<Progress>;
    if (!Number.isSafeInteger(value.step) || typeof value.sinceBest !== "number")
      throw new Error("it names no step");
    return value as Progress;
  } catch (error) {
    throw new InputError(
      folder,
      `cannot be resumed from: ${basename(progressFile)} is missing or broken (${messageOf(error)}); remove this folder to go on from the checkpoint before`,
    );
  }
}
