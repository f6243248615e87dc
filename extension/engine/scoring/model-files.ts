/** The files that scoring reads of a model, so that nothing written replaces them. */
import { dirname, resolve } from "node:path";
import { goalStateFolder } from "../checkpoint/goals/goal-store";
import { Checkpoint } from "../checkpoint/reading/checkpoint";

/**
 * Files, and folders whose files count: the model's, its base's, those of their weights, and of goal states.
 * @param goals names or files. Throws InputError if the model cannot be opened.
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
