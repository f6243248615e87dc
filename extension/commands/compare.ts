import { basename } from "node:path";
import * as vscode from "vscode";
import type { ActiveModel } from "../editor/active-model";
import { entriesNear } from "../editor/near-rows";
import { rangeIn, type ScoredEntry } from "../editor/scored-document";
import type { ScoredDocument, ScoredDocuments } from "../editor/scored-documents";
import { InputError } from "../engine/errors";
import type { ComparePanel } from "../panels/compare-panel";
import { labelOf } from "../panels/comparison";
import type { Located } from "../panels/subject";
import type { ModelPicker } from "../views/model-picker";
import { activeEditor } from "./register";

/** Compare Chosen vs Rejected: of the row at the cursor, or at [uri, offset]. One completion opens in the same panel. */
export async function compare(
  panel: ComparePanel,
  documents: ScoredDocuments,
  args: readonly unknown[],
): Promise<void> {
  const at = await locatedIn(args);
  if (!documents.get(at.document)) await documents.add(at.document);
  await panel.show({ kind: "row", at });
}

interface Candidate extends vscode.QuickPickItem {
  readonly at: Located;
}

/** Compare with Another Completion…: the one at the cursor, and any other of the files that are scored. */
export async function compareCompletions(panel: ComparePanel, documents: ScoredDocuments): Promise<void> {
  const first = await locatedIn([]);
  const scored = documents.get(first.document) ?? (await documents.add(first.document));
  const own = scored.at(first.document.positionAt(first.offset));
  const candidates = [scored, ...documents.all().filter((other) => other !== scored)].flatMap(candidatesIn);
  const others = candidates.filter(({ at }) => !isAt(own, first, at));
  if (others.length === 0)
    throw new InputError(basename(first.document.fileName), "has no other completion that is scored");
  const choice = await vscode.window.showQuickPick(others, {
    title: "Compare with Another Completion",
    placeHolder: "Choose the other completion",
    matchOnDetail: true,
  });
  if (choice) await panel.show({ kind: "completions", first, second: choice.at });
}

/** Compare Under Two Models…: the completion at the cursor under the active model and another. */
export async function compareModels(
  panel: ComparePanel,
  picker: ModelPicker,
  { model }: ActiveModel,
): Promise<void> {
  const at = await locatedIn([]);
  const other = await picker.pick({
    title: "Compare Under Two Models",
    placeholder: "The completion is scored with it too",
    current: model,
  });
  if (typeof other === "string") await panel.show({ kind: "models", at, other });
}

async function locatedIn([uri, offset]: readonly unknown[]): Promise<Located> {
  if (typeof uri === "string" && typeof offset === "number")
    return { document: await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)), offset };
  const { document, selection } = activeEditor();
  return { document, offset: document.offsetAt(selection.active) };
}

function candidatesIn(scored: ScoredDocument): Candidate[] {
  const { document } = scored;
  return entriesNear(scored).flatMap((entry) => {
    if (entry.kind !== "scored") return [];
    const { completions, region } = entry;
    return completions.flatMap((text, i) => {
      const [range] = text.rangesOf({ start: 0, end: text.text.length });
      if (!range) return [];
      const reward = text.score.reward === null ? "" : `reward ${text.score.reward.toFixed(2)}`;
      const line = rangeIn(document, range).start.line + 1;
      return {
        label: `${basename(document.fileName)}:${line} ${labelOf(region, i)}`,
        description: reward,
        detail: text.text.slice(0, 200).replace(/\s+/g, " "),
        at: { document, offset: range.start },
      };
    });
  });
}

function isAt(own: ReturnType<ScoredDocument["at"]>, first: Located, at: Located): boolean {
  if (own?.kind !== "scored" || at.document !== first.document) return false;
  const index = completionAt(own, first.offset);
  return index >= 0 && index === completionAt(own, at.offset);
}

function completionAt({ completions }: ScoredEntry, offset: number): number {
  return completions.findIndex((text) =>
    text
      .rangesOf({ start: 0, end: text.text.length })
      .some(({ start, end }) => start <= offset && offset <= end),
  );
}
