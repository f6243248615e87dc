/** The goal states beside a checkpoint, with where they came from. */
import type { StoredGoal } from "../../../protocol/goals";
import { messageOf } from "../../errors";
import { readSafetensors } from "../../model-folder/safetensors";
import { goalFile, listGoalStates } from "./goal-store";

/** In alphabetical order. Only headers are read; one that cannot be read is listed with its problem. */
export async function storedGoals(checkpointFolder: string): Promise<StoredGoal[]> {
  const names = await listGoalStates(checkpointFolder);
  return Promise.all(
    names.map(async (name): Promise<StoredGoal> => {
      const file = goalFile(checkpointFolder, name);
      try {
        return { name, file, provenance: { ...(await readSafetensors(file)).metadata } };
      } catch (error) {
        return { name, file, provenance: {}, problem: messageOf(error) };
      }
    }),
  );
}
