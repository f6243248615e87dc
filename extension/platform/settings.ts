/** The extension's settings, all typed here; package.json describes them, and a test holds both together. */

import * as vscode from "vscode";
import type { Granularity, Metric } from "../protocol/choices";
import type { ModelRequest } from "../protocol/models";

export const section = "rewardInspector";

export const shadings = ["low", "heat", "off"] as const;
/** `low`: tokens below the threshold. `heat`: all tokens. */
export type Shading = (typeof shadings)[number];

export interface Settings {
  /** Folder of a reward model, or a name in the local Hugging Face cache; empty: the default model. */
  readonly model: string;
  /** Folders that hold models, beside those of the workspace. */
  readonly modelFolders: readonly string[];
  /** Name of a goal state of the model; empty: its first. */
  readonly goalState: string;
  readonly device: ModelRequest["device"];
  /** Longest sequence in tokens, prompt included. */
  readonly maxLength: number;
  /** Plain text is taken as a conversation and goes through the model's chat template. */
  readonly chat: boolean;
  readonly shading: Shading;
  readonly metric: Metric;
  readonly granularity: Granularity;
  /** Q below which a token is low. */
  readonly threshold: number;
  /** Milliseconds after an edit before it is scored. */
  readonly liveDelay: number;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  readonly diagnostics: boolean;
}

export type SettingName = keyof Settings;

export const defaultSettings: Settings = {
  model: "",
  modelFolders: [],
  goalState: "",
  device: "auto",
  maxLength: 4096,
  chat: false,
  shading: "heat",
  metric: "q",
  granularity: "token",
  threshold: 0,
  liveDelay: 150,
  codeLens: true,
  inlayHints: false,
  diagnostics: true,
};

/** Workspace values of restricted settings are left out by VS Code where the workspace is not trusted. */
export function readSetting<K extends SettingName>(name: K): Settings[K] {
  return vscode.workspace.getConfiguration(section).get<Settings[K]>(name) ?? defaultSettings[name];
}

export function settingName(event: vscode.ConfigurationChangeEvent): readonly SettingName[] {
  return (Object.keys(defaultSettings) as SettingName[]).filter((name) =>
    event.affectsConfiguration(`${section}.${name}`),
  );
}
