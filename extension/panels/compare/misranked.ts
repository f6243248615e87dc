/** Finds the next row whose chosen completion does not rank first, and scores rows on the way. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { verdictOf } from "../../display/margin";
import type { Region } from "../../editor/documents/regions/region";
import type { ScoredDocument } from "../../editor/scores/scored-document";
import type { ScoredDocuments } from "../../editor/scores/scored-documents";
import { abortedBy } from "../../platform/cancellation";
import type { RowOrder } from "./row-order";

/** Rows per scoring request. */
const step = 16;

/**
 * Searches from the row after `from`, past the end of the file, to `from` itself; undefined if no row is misranked.
 * Rejects with CancellationError if the user ends the search.
 */
export async function nextMisranked(
  documents: Pick<ScoredDocuments, "scoreRows">,
  scored: ScoredDocument,
  order: RowOrder,
  from: number,
): Promise<Region | undefined> {
  const { count } = order;
  /** Searches rows `from + passed` to `from + passed + step - 1`, modulo `count`. */
  const search = async (passed: number, signal?: AbortSignal): Promise<Region | undefined> => {
    const length = Math.min(step, count - passed + 1);
    const rows = Array.from({ length }, (_, i) => order.row((from + passed + i) % count));
    const regions = rows.filter((row): row is Region => row !== undefined && "row" in row);
    await documents.scoreRows(scored, regions, signal);
    return regions.find((region) => isMisranked(scored, region));
  };
  const near = await search(1);
  if (near || count <= step) return near;
  // The nearest rows take little time; a search of the whole file shows progress and can be canceled.
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Looking for a misranked pair in ${basename(scored.document.fileName)}`,
      cancellable: true,
    },
    async (progress, token) => {
      const signal = abortedBy(token);
      for (let passed = 1 + step; passed <= count; passed += step) {
        const found = await search(passed, signal);
        if (found) return found;
        signal.throwIfAborted();
        progress.report({ increment: (100 * step) / count });
      }
      return undefined;
    },
  );
}

function isMisranked(scored: ScoredDocument, region: Region): boolean {
  const entry = scored.entry(region);
  return entry.kind === "scored" && verdictOf(entry.row.scores) === "misranked";
}
