/** Reads the extension's settings from VS Code; the default replaces an invalid value. */
import * as vscode from "vscode";
import {
  type SettingName,
  type SettingProblem,
  type Settings,
  section,
  settingNames,
  settingOf,
  settingProblemOf,
} from "./setting-values";

/** VS Code ignores restricted settings of a workspace that is not trusted. */
export function readSetting<K extends SettingName>(name: K): Settings[K] {
  return settingOf(name, vscode.workspace.getConfiguration(section).get(name));
}

/** The settings whose current values are invalid. */
export function settingProblems(): SettingProblem[] {
  const configuration = vscode.workspace.getConfiguration(section);
  return settingNames.flatMap((name) => settingProblemOf(name, configuration.get(name)) ?? []);
}

export function settingName(event: vscode.ConfigurationChangeEvent): readonly SettingName[] {
  return settingNames.filter((name) => event.affectsConfiguration(`${section}.${name}`));
}
