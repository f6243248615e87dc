import { basename } from "node:path";
import type { ScoredDocuments } from "../editor/scores/scored-documents";
import { InputError } from "../engine/errors";
import { activeEditor } from "./register";

/** Mark Selection as Completion: the text before it is the prompt. Without a selection, removes the marks. */
export async function markCompletion(documents: ScoredDocuments): Promise<void> {
  const { document, selections } = activeEditor();
  const ranges = selections
    .filter(({ isEmpty }) => !isEmpty)
    .map(({ start, end }) => ({ start: document.offsetAt(start), end: document.offsetAt(end) }));
  const scored = documents.get(document) ?? (await documents.add(document));
  const { kind } = scored.rows;
  if (kind === "json" || kind === "json-lines" || kind === "table")
    throw new InputError(
      basename(document.fileName),
      "is a dataset, so its fields define the completions; copy the text to a plain text file to mark it",
    );
  if (ranges.length === 0 && !scored.rows.marked)
    throw new InputError(basename(document.fileName), "has no selection; select the completion first");
  await documents.mark(scored, ranges.length > 0 ? ranges : undefined);
}
