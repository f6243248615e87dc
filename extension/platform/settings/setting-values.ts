/** Types, defaults and validation of the extension's settings, which package.json describes. */
import * as v from "valibot";
import { granularities, metrics, scales } from "../../protocol/choices";
import { providers } from "../../protocol/models";

export const section = "rewardInspector";

export const shadings = ["low", "heat", "off"] as const;
/** `low`: tokens below the threshold. `heat`: all tokens. */
export type Shading = (typeof shadings)[number];

const flag = v.boolean("expected true or false");
const choice = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `expected one of ${values.join(", ")}`);
const wholeNumber = (least: number, wanted: string) =>
  v.pipe(v.number(wanted), v.safeInteger(wanted), v.minValue(least, wanted));

const thresholdWanted = "expected a number between -1 and 1 (exclusive)";

const schemas = {
  /** Folder of a reward model, or a name in the local Hugging Face cache; empty for the default model. */
  model: v.string("expected the path or name of a model"),
  /** Folders of models outside the workspace. */
  modelFolders: v.array(v.string("expected a list of paths"), "expected a list of paths"),
  /** Name of a goal state of the model; empty for its first. */
  goalState: v.string("expected the name of a goal state"),
  device: choice(["auto", ...providers]),
  /** Longest sequence in tokens, prompt included. */
  maxLength: wholeNumber(8, "expected a whole number of tokens, at least 8"),
  /** Whether plain text is formatted as a conversation, with the model's chat template. */
  chat: flag,
  /** Names of fields by role, validated when they are used. */
  fields: v.unknown(),
  shading: choice(shadings),
  metric: choice(metrics),
  granularity: choice(granularities),
  /** Q-value below which a token is low, in (-1,1), because the scale of the shading ends at -1 and 1. */
  threshold: v.pipe(v.number(thresholdWanted), v.gtValue(-1, thresholdWanted), v.ltValue(1, thresholdWanted)),
  /** Range of values that the colors cover. */
  scale: choice(scales),
  /** Milliseconds after an edit before it is scored. */
  liveDelay: wholeNumber(0, "expected a whole number of milliseconds, 0 or more"),
  codeLens: flag,
  inlayHints: flag,
  diagnostics: flag,
} as const;

export type SettingName = keyof typeof schemas;
export type Settings = { readonly [K in SettingName]: Readonly<v.InferOutput<(typeof schemas)[K]>> };

export const settingDefaults: Settings = {
  model: "",
  modelFolders: [],
  goalState: "",
  device: "auto",
  maxLength: 4096,
  chat: false,
  fields: {},
  shading: "heat",
  metric: "q",
  granularity: "token",
  threshold: 0,
  scale: "full",
  liveDelay: 150,
  codeLens: true,
  inlayHints: false,
  diagnostics: true,
};

export const settingNames = Object.keys(settingDefaults) as readonly SettingName[];

/** A setting with an invalid value, which its default replaces. */
export interface SettingProblem {
  readonly name: SettingName;
  readonly problem: string;
}

/** The value of a setting, or its default if the value is invalid or undefined. */
export function settingOf<K extends SettingName>(name: K, value: unknown): Settings[K] {
  return takenOf(name, value) ?? settingDefaults[name];
}

/** The value of a setting; undefined if it is invalid. */
export function takenOf<K extends SettingName>(name: K, value: unknown): Settings[K] | undefined {
  const result = v.safeParse(schemas[name], value);
  return result.success ? (result.output as Settings[K]) : undefined;
}

/** What is wrong with a value, and the default that replaces it; undefined if the value is valid. */
export function settingProblemOf(name: SettingName, value: unknown): SettingProblem | undefined {
  if (value === undefined) return undefined;
  const result = v.safeParse(schemas[name], value);
  if (result.success) return undefined;
  const wanted = result.issues[0].message;
  const inForce = JSON.stringify(settingDefaults[name]);
  return { name, problem: `${section}.${name} is ${JSON.stringify(value)}, ${wanted}; using ${inForce}` };
}
