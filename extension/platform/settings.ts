/** The extension's settings as VS Code has them; a value that is not taken counts as its default. */
import * as vscode from "vscode";
import {
  problemOf,
  type SettingName,
  type SettingProblem,
  type Settings,
  section,
  settingNames,
  settingOf,
} from "./setting-values";

/** VS Code leaves out the workspace's values of restricted settings if the workspace is not trusted. */
export function readSetting<K extends SettingName>(name: K): Settings[K] {
  return settingOf(name, vscode.workspace.getConfiguration(section).get(name));
}

/** The values that are not taken now. */
export function settingProblems(): SettingProblem[] {
  const configuration = vscode.workspace.getConfiguration(section);
  return settingNames.flatMap((name) => problemOf(name, configuration.get(name)) ?? []);
}

export function settingName(event: vscode.ConfigurationChangeEvent): readonly SettingName[] {
  return settingNames.filter((name) => event.affectsConfiguration(`${section}.${name}`));
}
