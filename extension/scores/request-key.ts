/** What scores depend on besides the files of the model and its goal states. This is the only such list. */
import type { ModelRequest } from "../protocol/models";
import type { ScoreRequest } from "../protocol/scoring";

/** Settings of the editor that scores depend on. The device is one of them: devices round differently. */
export const scoreSettings = ["model", "device", "maxLength", "chat"] as const;

/** The parts of a request that change scores. `batchTokens` and `reuse` only change the speed. */
export type Dependencies = Pick<ModelRequest, (typeof scoreSettings)[number] | "base"> &
  Pick<ScoreRequest, "goals">;

const dependencies = [...scoreSettings, "base", "goals"] as const satisfies readonly (keyof Dependencies)[];

/** Requests with equal keys give a row equal scores as long as the files of the model do not change. */
export function requestKey(request: Dependencies): string {
  return JSON.stringify(dependencies.map((name) => request[name] ?? null));
}
