/** Parses run.json. */
import { type RunRecord, runStatuses } from "../../../protocol/runs";
import { defaultSettings, heads, methods, objectives } from "../../../protocol/train-settings";
import { InputError, messageOf } from "../../errors";

/** The required fields of a record, with example values that give their types. */
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

/**
 * @param place the file, for messages
 * @throws InputError if the text is not a record of format 1
 */
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
      `has format ${format}, but this version of Reward Inspector reads format 1; use the version that created the run`,
    );
  }
  if (format !== 1) throw broken(place, "is not the record of a training run: it has no format");
  const record = withDefaults(value as RunRecord);
  const fault = difference(record, example, "") ?? unknownName(record);
  if (fault !== undefined) throw broken(place, fault);
  return record;
}

/** Fills in settings that are newer than the run. Their defaults keep the behavior that the run had. */
function withDefaults(record: RunRecord): RunRecord {
  const { settings } = record;
  if (typeof settings !== "object" || settings === null) return record;
  const loss = { ...defaultSettings.loss, ...settings.loss };
  const lora = { ...defaultSettings.lora, ...settings.lora };
  return { ...record, settings: { ...defaultSettings, ...settings, loss, lora } };
}

/** Describes the first field that lacks the type it has in `like`; undefined if there is none. */
function difference(value: unknown, like: unknown, name: string): string | undefined {
  if (kindOf(value) !== kindOf(like)) {
    return `has ${value === undefined ? "no" : "an invalid"} ${name} (expected ${kindOf(like)})`;
  }
  if (typeof like !== "object" || like === null || Array.isArray(like)) return undefined;
  const prefix = name === "" ? "" : `${name}.`;
  for (const [key, part] of Object.entries(like)) {
    const fault = difference((value as Record<string, unknown>)[key], part, prefix + key);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Describes the first field whose value is not one of its known names; undefined if there is none. */
function unknownName({ status, settings: { method, objective, head } }: RunRecord): string | undefined {
  const named = [
    ["status", status, runStatuses],
    ["settings.method", method, methods],
    ["settings.objective", objective, objectives],
    ["settings.head", head, heads],
  ] as const;
  for (const [name, value, known] of named) {
    if (!known.some((one) => one === value))
      return `has ${name} ${JSON.stringify(value)}, expected ${known.join(", ")}`;
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
    `${problem}; the run cannot be resumed without it, but its checkpoints can still be used as models`,
  );
}
