/** Lists the goal states stored with a checkpoint, with their provenance. */
import type { StoredGoal } from "../../../protocol/goals";
import { messageOf } from "../../errors";
import { readSafetensors } from "../../model-folder/safetensors";
import { goalFile, listGoalStates } from "./goal-store";

/** Returns goal states in alphabetical order. Reads only headers; an unreadable file is listed with its problem. */
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
