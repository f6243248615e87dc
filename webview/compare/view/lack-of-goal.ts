/** What a side lacks that the display asks for. Pure. */
import type { Side } from "../../../extension/protocol/panels/compare";

/** A warning if the side's model lacks the goal state that Q is shown for. */
export function lackOfGoal({ tokens }: Side, goal: string): string[] {
  const isLacking = goal !== "" && tokens.ids.length > 0 && !(goal in tokens.q);
  return isLacking ? [`this model has no goal state ${goal}, so it has no Q-values for it`] : [];
}
