import * as vscode from "vscode";
import { InputError } from "../engine/errors";
import type { ComparePanel } from "../panels/compare/compare-panel";

const formats = [
  { label: "Picture", description: "PNG", format: "png" },
  { label: "Page", description: "HTML in one file", format: "html" },
] as const;

/** Export Comparison…: exports the content of the compare panel. */
export async function exportComparison(panel: ComparePanel): Promise<void> {
  if (!panel.state.comparison)
    throw new InputError("the compare panel", "is empty; run Compare Chosen vs Rejected first");
  const choice = await vscode.window.showQuickPick(formats, { title: "Export the Comparison as" });
  if (choice) panel.export(choice.format);
}
