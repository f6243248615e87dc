/** Describes in a run's record how the run ended. */
import type { Ending } from "./trainer";

/**
 * @param step last step done
 * @param patience number of evaluations without a lower loss that ends a run
 */
export function endOf(ending: Exclude<Ending, "paused">, step: number, patience: number) {
  if (ending === "done") return { status: "finished", reason: undefined } as const;
  const reason =
    ending === "early"
      ? `no lower loss in ${patience} evaluations, after step ${step}`
      : `stopped after step ${step}`;
  return { status: ending === "early" ? "finished" : "stopped", reason } as const;
}
