import * as vscode from "vscode";
import type { Preferences } from "../platform/settings/preferences";

/** Set Low-Q Threshold…: changes the Q-value below which a token is low. */
export async function setThreshold(preferences: Preferences): Promise<void> {
  const answer = await vscode.window.showInputBox({
    title: "Low-Q Threshold",
    prompt: "Tokens with a Q-value below the threshold are low. The paper uses 0.",
    value: String(preferences.chosen.threshold),
    validateInput: (text) =>
      thresholdOf(text) === undefined ? "Enter a number between -1 and 1, such as -0.2." : undefined,
  });
  const threshold = answer === undefined ? undefined : thresholdOf(answer);
  if (threshold !== undefined) await preferences.choose({ threshold });
}

/** The threshold that was typed; undefined if it is not a number in (-1,1). */
function thresholdOf(text: string): number | undefined {
  const number = Number(text.trim().replace("−", "-").replace(",", "."));
  return text.trim() !== "" && number > -1 && number < 1 ? number : undefined;
}
