/** What a run's record says of how it ended. */
import type { Ending } from "./trainer";

/** step: the last that was taken; patience: evaluations without a better loss that end a run. */
export function endOf(ending: Exclude<Ending, "paused">, step: number, patience: number) {
  if (ending === "done") return { status: "finished", reason: undefined } as const;
  const reason =
    ending === "early"
      ? `no better loss in ${patience} evaluations, after step ${step}`
      : `stopped after step ${step}`;
  return { status: ending === "early" ? "finished" : "stopped", reason } as const;
}
