import { basename } from "node:path";
import * as vscode from "vscode";
import type { ScoredDocument } from "../editor/scores/scored-document";
import type { ScoredDocuments } from "../editor/scores/scored-documents";
import type { Preferences } from "../platform/settings/preferences";
import { activeEditor } from "./register";

/**
 * Run Reward Model: scores the visible part of the open file, and the rest as the user scrolls to it. In a diff editor it
 * scores both sides.
 */
export async function runModel(documents: ScoredDocuments, preferences: Preferences): Promise<void> {
  const { document } = activeEditor();
  if (preferences.chosen.shading === "off") await preferences.choose({ shading: "heat" });
  const scored = await Promise.all(sidesWith(document).map((side) => scoreDocument(documents, side)));
  if (!scored.every(({ rows }) => rows.isEmpty)) return;
  const name = basename(document.fileName);
  void vscode.window.showInformationMessage(
    `Reward Inspector: ${name} has no completion yet; it will be scored as soon as it has one.`,
  );
}

/** Both documents of the active diff editor if it shows this one, otherwise this one alone. */
function sidesWith(document: vscode.TextDocument): vscode.TextDocument[] {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (!(input instanceof vscode.TabInputTextDiff)) return [document];
  const uris = [input.original.toString(), input.modified.toString()];
  const sides = vscode.workspace.textDocuments.filter(({ uri }) => uris.includes(uri.toString()));
  return sides.includes(document) ? sides : [document];
}

/** Scores a document and shows progress; resolves immediately if it is already scored. */
export async function scoreDocument(
  documents: ScoredDocuments,
  document: vscode.TextDocument,
): Promise<ScoredDocument> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "$(sync~spin) Reward Inspector: scoring" },
    () => documents.add(document),
  );
}
