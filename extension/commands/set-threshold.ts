import * as vscode from "vscode";
import type { Preferences } from "../platform/preferences";

/** Set Low-Q Threshold…: Q below which a token is low. */
export async function setThreshold(preferences: Preferences): Promise<void> {
  const answer = await vscode.window.showInputBox({
    title: "Low-Q Threshold",
    prompt: "Tokens with a Q-value below it are low. The paper filters at 0.",
    value: String(preferences.chosen.threshold),
    validateInput: (text) =>
      thresholdOf(text) === undefined ? "A number between -1 and 1, as -0.2." : undefined,
  });
  const threshold = answer === undefined ? undefined : thresholdOf(answer);
  if (threshold !== undefined) await preferences.choose({ threshold });
}

/** undefined: it is no number in (-1,1). */
function thresholdOf(text: string): number | undefined {
  const number = Number(text.trim().replace("−", "-").replace(",", "."));
  return text.trim() !== "" && number > -1 && number < 1 ? number : undefined;
}
