/** Warns if a side lacks what the display needs. Pure. */
import type { Side } from "../../../extension/protocol/panels/compare";

/** Returns a warning if the side's model lacks the goal state of the displayed Q-values. */
export function lackOfGoal({ tokens }: Side, goal: string): string[] {
  const isLacking = goal !== "" && tokens.ids.length > 0 && !(goal in tokens.q);
  return isLacking ? [`this model has no goal state ${goal}, so it has no Q-values for it`] : [];
}
