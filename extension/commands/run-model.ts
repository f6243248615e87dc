import { basename } from "node:path";
import * as vscode from "vscode";
import type { ScoredDocument } from "../editor/scores/scored-document";
import type { ScoredDocuments } from "../editor/scores/scored-documents";
import { InputError } from "../engine/errors";
import type { Preferences } from "../platform/preferences";
import { activeEditor } from "./register";

/** Run Reward Model: scores what is visible of the open file, and the rest as it comes into sight. */
export async function runModel(documents: ScoredDocuments, preferences: Preferences): Promise<void> {
  const { document } = activeEditor();
  if (preferences.chosen.shading === "off") await preferences.choose({ shading: "heat" });
  const scored = await scoreDocument(documents, document);
  if (!scored.hasRows) {
    documents.remove(document);
    throw new InputError(basename(document.fileName), "has no completion to score: it is empty");
  }
}

/** Scores a document under a progress bar; resolves at once where it is scored already. */
export async function scoreDocument(
  documents: ScoredDocuments,
  document: vscode.TextDocument,
): Promise<ScoredDocument> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "$(sync~spin) Reward Inspector: scoring" },
    () => documents.add(document),
  );
}
