/** Checks that what run.json holds is a RunRecord. */

import { type RunRecord, runStatuses } from "../../../protocol/runs";
import { defaultSettings, heads, methods, objectives } from "../../../protocol/train-settings";
import { InputError, messageOf } from "../../errors";

/** What every record has, with values of the right types; fields that may be absent are left out. */
const example = {
  name: "",
  status: "",
  created: "",
  updated: "",
  model: "",
  device: "",
  settings: defaultSettings,
  data: { path: "", bytes: 0, sha256: "" },
  chat: false,
  versions: { rewardInspector: "", onnxruntime: "", node: "" },
  trainingPairs: 0,
  evaluationPairs: 0,
  leftOut: {},
  trainableParameters: 0,
  parameters: 0,
  steps: 0,
  step: 0,
};

/** @param place file, for messages. Throws InputError where the text is no record of this format. */
export function parseRunRecord(text: string, place: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(place, `is not valid JSON (${messageOf(error)})`);
  }
  if (typeof value !== "object" || value === null) throw broken(place, "is not a JSON object");
  const { format } = value as { format?: unknown };
  if (typeof format === "number" && format !== 1) {
    throw new InputError(
      place,
      `has the format ${format}, and this version of Reward Inspector reads format 1; use the version that made the run`,
    );
  }
  if (format !== 1) throw broken(place, "is not a training run's (it has no format)");
  const record = withDefaults(value as RunRecord);
  const fault = difference(record, example, "") ?? oddName(record);
  if (fault !== undefined) throw broken(place, fault);
  return record;
}

/** A setting that came after a run was made has a default that leaves the run as it was. */
function withDefaults(record: RunRecord): RunRecord {
  const { settings } = record;
  if (typeof settings !== "object" || settings === null) return record;
  const loss = { ...defaultSettings.loss, ...settings.loss };
  const lora = { ...defaultSettings.lora, ...settings.lora };
  return { ...record, settings: { ...defaultSettings, ...settings, loss, lora } };
}

/** What keeps a value from having the shape of another, or undefined. */
function difference(value: unknown, like: unknown, name: string): string | undefined {
  if (kindOf(value) !== kindOf(like)) {
    return `has ${value === undefined ? "no" : "an odd"} ${name} (expected ${kindOf(like)})`;
  }
  if (typeof like !== "object" || like === null || Array.isArray(like)) return undefined;
  const prefix = name === "" ? "" : `${name}.`;
  for (const [key, part] of Object.entries(like)) {
    const fault = difference((value as Record<string, unknown>)[key], part, prefix + key);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function oddName({ status, settings: { method, objective, head } }: RunRecord): string | undefined {
  const named = [
    ["status", status, runStatuses],
    ["settings.method", method, methods],
    ["settings.objective", objective, objectives],
    ["settings.head", head, heads],
  ] as const;
  for (const [name, value, known] of named) {
    if (!known.some((one) => one === value)) return `has the ${name} ${value}, expected ${known.join(", ")}`;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

function broken(place: string, problem: string): InputError {
  return new InputError(
    place,
    `${problem}; the run cannot be resumed without it, but its checkpoints are models of their own`,
  );
}
