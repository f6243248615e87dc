/** Lists the files that scoring reads from a model, so that no output overwrites them. */
import { dirname, resolve } from "node:path";
import { goalStateFolder } from "../checkpoint/goals/goal-store";
import { Checkpoint } from "../checkpoint/reading/checkpoint";

/**
 * Returns files to protect, and folders whose files to protect: those of the model, its base, their weights, and goal
 * states. Throws InputError if the model cannot be opened.
 * @param goals names or files of goal states
 */
export async function modelFiles(
  { model, base }: { readonly model: string; readonly base?: string },
  goals: readonly string[] = [],
): Promise<string[]> {
  const { folder, baseFolder, tensors, adapter } = await Checkpoint.open(model, base);
  // The Hugging Face cache links to weights in another folder.
  const weights = [...tensors.values(), ...(adapter?.lowRankTensors() ?? [])].map(({ file }) =>
    dirname(file),
  );
  const goalFiles = goals.map((goal) => resolve(goal));
  return [...new Set([folder, baseFolder, goalStateFolder(folder), ...weights, ...goalFiles])];
}
