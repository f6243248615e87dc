/** Models and goal states as lists show them. Pure. */
import type { Inspection } from "../protocol/models";
import { count } from "../display/wording";
import { bytes, rounded } from "./quantities";

/** Where a model is known from. `chosen`: only by its name, from the settings or an earlier list. */
export type ModelOrigin = "default" | "workspace" | "added" | "run" | "chosen";

export interface KnownModel {
  readonly name: string;
  /** Folder, or name in the Hugging Face cache. */
  readonly model: string;
  readonly origin: ModelOrigin;
}

export const originWords: Readonly<Record<ModelOrigin, string>> = {
  default: "comes with Reward Inspector",
  workspace: "in the workspace",
  added: "added",
  run: "trained",
  chosen: "chosen by name",
};

/** Keeps the first of several models with the same folder. */
export function withoutDoubles(models: readonly KnownModel[]): KnownModel[] {
  return models.filter(({ model }, i) => models.findIndex((other) => other.model === model) === i);
}

/** Names and values, for a tooltip. */
export function modelFacts(inspection: Inspection): readonly (readonly [name: string, text: string])[] {
  const { family, layers, width, parameters, dtype, memory, goalStates, head, adapter, folder } = inspection;
  return [
    ["Family", `${family}, ${count(layers, "layer")} of width ${width}`],
    ["Parameters", `${rounded(parameters)} (${dtype})`],
    ["Memory", `about ${bytes(memory.total)}`],
    ["Longest sequence", count(inspection.maxPositions, "token")],
    ["Reward head", head ?? "none: Q-values only"],
    ...(head === null ? [] : [["Reward read at", inspection.rewardToken] as const]),
    ["Goal states", goalStates.length > 0 ? goalStates.join(", ") : "none yet"],
    ["Chat template", inspection.template ? "yes" : "no"],
    ...(adapter ? [["Adapter", `rank ${adapter.rank} over ${adapter.base}`] as const] : []),
    ...inspection.notes.map((note) => ["Note", note] as const),
    ["Folder", folder],
  ];
}

const provenanceWords: Readonly<Record<string, string>> = {
  dataset: "Dataset",
  strategy: "Strategy",
  completions: "Preferred completions",
  seed: "Seed",
  created: "Made",
};

/** Names and values, for a tooltip. @param metadata of the goal state's file */
export function goalFacts(
  metadata: Readonly<Record<string, string>>,
): readonly (readonly [name: string, text: string])[] {
  return Object.entries(provenanceWords).flatMap(([key, name]) => {
    const value = metadata[key];
    return value === undefined ? [] : [[name, key === "created" ? moment(value) : value] as const];
  });
}

/** Formats a time in local time, and returns other text unchanged. The Swedish locale writes dates as ISO 8601. */
function moment(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime())
    ? text
    : time.toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" });
}
