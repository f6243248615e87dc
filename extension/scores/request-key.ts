/** What scores depend on, beside the files of the model and its goal states. This is the only list of it. */
import type { ModelRequest } from "../protocol/models";
import type { ScoreRequest } from "../protocol/scoring";

/** Settings of the editor that scores depend on. The device is one of them: devices round differently. */
export const scoreSettings = ["model", "device", "maxLength", "chat"] as const;

/** How rows are scored. `batchTokens` and `reuse` only change how fast. */
export type Dependencies = Pick<ModelRequest, (typeof scoreSettings)[number] | "base"> &
  Pick<ScoreRequest, "goals">;

const dependencies = [...scoreSettings, "base", "goals"] as const satisfies readonly (keyof Dependencies)[];

/** Requests with equal keys give a row equal scores for as long as the files of the model stay the same. */
export function requestKey(request: Dependencies): string {
  return JSON.stringify(dependencies.map((name) => request[name] ?? null));
}
