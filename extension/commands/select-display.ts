import * as vscode from "vscode";
import { metricNames } from "../display/metric";
import type { Preferences } from "../platform/settings/preferences";
import { shadings } from "../platform/settings/setting-values";
import { granularities, metrics } from "../protocol/choices";

const shadingNames = { low: "Low tokens only", heat: "All tokens", off: "None" } as const;

interface Choice extends vscode.QuickPickItem {
  readonly choose?: Parameters<Preferences["choose"]>[0];
}

/** Select What Is Shaded…: changes shading, metric or granularity. */
export async function selectDisplay(preferences: Preferences): Promise<void> {
  const { shading, metric, granularity } = preferences.chosen;
  const heading = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const item = (label: string, isChosen: boolean, choose: Parameters<Preferences["choose"]>[0]): Choice => ({
    label: `${isChosen ? "$(check)" : "$(blank)"} ${label}`,
    choose,
  });
  const choice = await vscode.window.showQuickPick<Choice>(
    [
      heading("Shaded"),
      ...shadings.map((name) => item(shadingNames[name], name === shading, { shading: name })),
      heading("By"),
      ...metrics.map((name) => item(metricNames[name], name === metric, { metric: name })),
      heading("Unit"),
      ...granularities.map((name) => item(name, name === granularity, { granularity: name })),
    ],
    { title: "What Is Shaded", placeHolder: "Choose what to change" },
  );
  if (choice?.choose) await preferences.choose(choice.choose);
}
