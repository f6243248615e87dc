/** Reads and writes goal states: `goal_states/<name>.safetensors` in the checkpoint folder, or the paper's `.npy`. */

import { mkdir, readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { parse } from "npyjs";
import type { GoalStrategy } from "../../../protocol/goals";
import { goalFolder } from "../../../protocol/goals";
import { InputError, messageOf } from "../../errors";
import { UnwrittenFile } from "../../files";
import { exists } from "../../model-folder/folder";
import { readSafetensors, readTensor } from "../../model-folder/safetensors";
import { writeSafetensors } from "../publishing/safetensors-writer";
import type { GoalState } from "./goal-state";

/** How a goal state was made. */
export interface Provenance {
  readonly model: string;
  readonly dataset: string;
  readonly strategy: GoalStrategy;
  /** Number of preferred completions that it was computed from. */
  readonly completions: number;
  readonly seed: number;
  /** ISO 8601 */
  readonly created: string;
}

const tensorName = "goal";
const extension = ".safetensors";

/** Returns the folder that contains a checkpoint's goal states. */
export function goalStateFolder(checkpointFolder: string): string {
  return join(checkpointFolder, goalFolder);
}

/** Returns the path at which the goal state with this name is stored. */
export function goalFile(checkpointFolder: string, name: string): string {
  return join(goalStateFolder(checkpointFolder), name + extension);
}

/** Returns the names of the goal states stored with a checkpoint, in alphabetical order. */
export async function listGoalStates(checkpointFolder: string): Promise<string[]> {
  const names = await readdir(goalStateFolder(checkpointFolder)).catch(() => []);
  return names
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort();
}

/** Reads a goal state by name, or from a `.safetensors` or `.npy` file. Throws InputError if there is none. */
export async function readGoalState(nameOrPath: string, checkpointFolder: string): Promise<GoalState> {
  const beside = goalFile(checkpointFolder, nameOrPath);
  if (await exists(beside)) return readStored(beside);
  const path = resolve(nameOrPath);
  if (!(await exists(path))) {
    const known = await listGoalStates(checkpointFolder);
    throw new InputError(
      nameOrPath,
      `there is no such goal state (${known.length > 0 ? `this model has ${known.join(", ")}` : "this model has none yet"})`,
      { code: "goal-missing", data: { name: nameOrPath, known } },
    );
  }
  return path.endsWith(".npy") ? readNpy(path) : readStored(path);
}

/** Stores a goal state in the checkpoint folder and returns its path. */
export async function writeGoalState(
  checkpointFolder: string,
  state: GoalState,
  provenance: Provenance,
): Promise<string> {
  if (!/^[\w.-]+$/.test(state.name)) {
    throw new InputError(
      state.name,
      "is not a valid name for a goal state; use letters, digits, '.', '_' and '-'",
    );
  }
  const folder = goalStateFolder(checkpointFolder);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new UnwrittenFile(folder, `could not be created (${messageOf(error)})`);
  });
  const path = join(folder, state.name + extension);
  const metadata = Object.fromEntries(Object.entries(provenance).map(([key, value]) => [key, String(value)]));
  const shape = [state.prototypes, state.data.length / state.prototypes];
  await writeSafetensors(
    path,
    { [tensorName]: { shape, data: state.data } },
    { format: "reward-inspector-goal", ...metadata },
  );
  return path;
}

async function readStored(path: string): Promise<GoalState> {
  const { tensors } = await readSafetensors(path);
  const tensor = tensors.get(tensorName) ?? (tensors.size === 1 ? [...tensors.values()][0] : undefined);
  if (tensor?.type !== "F32") throw new InputError(basename(path), "has no float32 tensor named goal");
  const bytes = await readTensor(tensor);
  return goalState(path, new Float32Array(bytes.buffer), tensor.shape);
}

/** Reads a goal state saved with numpy.save, as the paper's code does: [H] or [K,H]. */
async function readNpy(path: string): Promise<GoalState> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new InputError(basename(path), `cannot be read (${messageOf(error)})`);
  });
  try {
    const { data, shape, fortranOrder } = parse(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    );
    const isFloat = data instanceof Float32Array || data instanceof Float64Array;
    if (!isFloat || (fortranOrder && shape.length > 1))
      throw new Error("it is not an array of floats in row order");
    return goalState(path, Float32Array.from(data), shape);
  } catch (error) {
    throw new InputError(basename(path), `is not a .npy goal state (${messageOf(error)})`);
  }
}

function goalState(path: string, data: Float32Array, shape: readonly number[]): GoalState {
  const prototypes = shape.length === 1 ? 1 : (shape[0] ?? 0);
  const isMatrix = shape.length === 1 || shape.length === 2;
  if (!isMatrix || data.length === 0 || data.length !== shape.reduce((count, dim) => count * dim, 1)) {
    throw new InputError(
      basename(path),
      `has the shape [${shape}]; a goal state is [hidden size] or [prototypes, hidden size]`,
    );
  }
  if (!data.every(Number.isFinite))
    throw new InputError(basename(path), "contains values that are not finite");
  return { name: basename(path).replace(/\.(npy|safetensors)$/, ""), prototypes, data };
}
