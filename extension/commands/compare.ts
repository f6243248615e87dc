import { basename } from "node:path";
import * as vscode from "vscode";
import type { ModelPicker } from "../dialogs/model-picker";
import type { ScoredDocuments } from "../editor/scores/scored-documents";
import { InputError } from "../engine/errors";
import type { ComparePanel } from "../panels/compare/compare-panel";
import { completionAt } from "../panels/compare/comparison";
import type { Located } from "../panels/compare/subject";
import { type ActiveModel, modelName } from "../platform/models/active-model";
import { candidatesIn, openFiles } from "./completion-candidates";
import { activeEditor } from "./register";

/** Compare Chosen vs Rejected: shows the row at the cursor, or at [uri, offset], even if it has one completion. */
export async function compare(panel: ComparePanel, args: readonly unknown[]): Promise<void> {
  const [uri, offset] = args;
  const isPlace = typeof uri === "string" && typeof offset === "number";
  await panel.show({ kind: "row", at: isPlace ? { uri, offset } : atCursor() });
}

/** Compare with Another Completion…: shows the completion at the cursor and any other in the open files. */
export async function compareCompletions(panel: ComparePanel, documents: ScoredDocuments): Promise<void> {
  const { document } = activeEditor();
  const first = atCursor();
  const scored = documents.get(document) ?? (await documents.add(document));
  const own = scored.at(document.positionAt(first.offset))?.region;
  if (!own || "problem" in own)
    throw new InputError(basename(document.fileName), "has no completion at the cursor");
  const index = completionAt(own, first.offset);
  const candidates = [scored, ...(await openFiles(documents, document))].flatMap((file) =>
    candidatesIn(file, (region, i) => file === scored && region.start === own.start && i === index),
  );
  if (candidates.length === 0)
    throw new InputError(basename(document.fileName), "has the only completion in all open files");
  const choice = await vscode.window.showQuickPick(candidates, {
    title: "Compare with Another Completion",
    placeHolder: "Choose the other completion",
    matchOnDetail: true,
  });
  if (choice && "at" in choice) await panel.show({ kind: "completions", first, second: choice.at });
}

/** Compare Under Two Models…: shows the completion at the cursor under the active model and another. */
export async function compareModels(
  panel: ComparePanel,
  picker: ModelPicker,
  { model, defaultFolder }: ActiveModel,
): Promise<void> {
  const at = atCursor();
  const other = await picker.pick({
    title: "Compare Under Two Models",
    placeholder: "Choose the model to compare with the active one",
    current: model,
  });
  if (typeof other !== "string") return;
  if (other === model)
    throw new InputError(modelName(model, defaultFolder), "is the active model; choose another model");
  await panel.show({ kind: "models", at, other });
}

function atCursor(): Located {
  const { document, selection } = activeEditor();
  return { uri: document.uri.toString(), offset: document.offsetAt(selection.active) };
}
