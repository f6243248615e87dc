import { basename } from "node:path";
import * as vscode from "vscode";
import { scoredJson } from "../display/scored-json";
import { count } from "../display/wording";
import { fileBehind } from "../editor/documents/part-address";
import type { ScoredDocuments } from "../editor/scores/scored-documents";
import { InputError } from "../engine/errors";
import { type NewFile, writeWhole } from "../engine/files";
import { abortedBy } from "../platform/cancellation";
import type { EngineHost } from "../platform/engine/engine-host";
import type { ActiveModel } from "../platform/models/active-model";
import type { DatasetRow } from "../protocol/datasets";
import { textsOf } from "../scores/outcome";
import { activeEditor } from "./register";

/** Rows per request. */
const rowsAtOnce = 32;

/**
 * Export Scores…: writes the scores of the document, with its unsaved changes, as JSON Lines. Each completion has one
 * line, in the format of `reward-inspector score --tokens`.
 */
export async function exportScores(
  engine: EngineHost,
  model: ActiveModel,
  documents: ScoredDocuments,
): Promise<void> {
  const { document } = activeEditor();
  const regions = (await documents.rowsOf(document)).between(0, document.lineCount - 1);
  // Numbered as on the command line: rows that cannot be read count, blank lines do not.
  const rows = regions.flatMap((region, row) => ("row" in region ? [{ ...region.row, row }] : []));
  const name = basename(document.fileName);
  if (rows.length === 0) throw new InputError(name, "has no completion to score");
  const target = await vscode.window.showSaveDialog({
    title: "Export Scores",
    ...placeFor(document, `${name.replace(/\.\w+$/, "")}.scores.jsonl`),
    filters: { "JSON Lines": ["jsonl"] },
  });
  if (!target) return;
  const written = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Scoring ${name}`, cancellable: true },
    async (progress, token) => {
      const file = fileBehind(document.uri);
      const sources = [
        ...(file === undefined ? [] : [file]),
        ...(await engine.client.places(model.request())),
      ];
      return writeScores(target.fsPath, sources, rows, engine, model, progress, token);
    },
  );
  const skipped = regions.length - written.rows;
  const parts = [
    `Wrote the scores of ${count(written.completions, "completion")} to ${basename(target.fsPath)}`,
    ...(skipped === 0 ? [] : [`${count(skipped, "row")} could not be scored`]),
  ];
  const open = "Open";
  const choice = await vscode.window.showInformationMessage(`${parts.join("; ")}.`, open);
  if (choice === open) await vscode.window.showTextDocument(target);
}

interface Written {
  readonly rows: number;
  readonly completions: number;
}

async function writeScores(
  path: string,
  sources: readonly string[],
  all: readonly DatasetRow[],
  engine: EngineHost,
  model: ActiveModel,
  progress: vscode.Progress<{ increment: number }>,
  token: vscode.CancellationToken,
): Promise<Written> {
  const signal = abortedBy(token);
  const written = { rows: 0, completions: 0 };
  const write = async (file: NewFile): Promise<void> => {
    for (let at = 0; at < all.length; at += rowsAtOnce) {
      const rows = all.slice(at, at + rowsAtOnce);
      const answer = await engine.client.score({ ...model.request(), rows, tokens: true }, signal);
      const scored = answer.rows.filter((row) => "scores" in row);
      const asked = new Map(rows.map((row) => [row.row, row]));
      const lines = scored.flatMap((row) => {
        const own = asked.get(row.row);
        const texts = own ? textsOf(row, own) : [];
        return row.scores.map((score, i) => `${JSON.stringify(scoredJson(score, texts[i]))}\n`);
      });
      await file.write(lines.join(""));
      written.rows += scored.length;
      written.completions += lines.length;
      progress.report({ increment: (100 * rows.length) / all.length });
    }
  };
  await writeWhole(path, write, sources);
  return written;
}

/** A path beside the document, or in the workspace folder if the document is untitled. */
function placeFor(document: vscode.TextDocument, name: string): { defaultUri?: vscode.Uri } {
  if (!document.isUntitled) return { defaultUri: vscode.Uri.joinPath(document.uri, "..", name) };
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, name) } : {};
}
