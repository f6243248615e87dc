import { basename } from "node:path";
import * as vscode from "vscode";
import type { ActiveModel } from "../editor/active-model";
import { DocumentRows } from "../editor/document-rows";
import type { EngineHost } from "../editor/engine-host";
import type { Region } from "../editor/regions/region";
import { InputError } from "../engine/errors";
import { NewFile } from "../engine/files";
import { activeEditor } from "./register";

/** Rows of one request. */
const rowsAtOnce = 32;

/** Export Scores…: one line of JSON a completion, as `reward-lens score --out` writes, of the document as it stands. */
export async function exportScores(engine: EngineHost, model: ActiveModel): Promise<void> {
  const { document } = activeEditor();
  const regions = new DocumentRows(document)
    .between(0, document.lineCount - 1)
    .filter((region): region is Region => "row" in region);
  const name = basename(document.fileName);
  if (regions.length === 0) throw new InputError(name, "has no completion to score");
  const target = await vscode.window.showSaveDialog({
    title: "Export Scores",
    defaultUri: vscode.Uri.joinPath(document.uri, "..", `${name.replace(/\.\w+$/, "")}.scores.jsonl`),
    filters: { "JSON Lines": ["jsonl"] },
  });
  if (!target) return;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Scoring ${name}`, cancellable: true },
    (progress, token) => writeScores(target.fsPath, regions, engine, model, progress, token),
  );
  const open = "Open";
  const choice = await vscode.window.showInformationMessage(
    `Wrote the scores to ${basename(target.fsPath)}.`,
    open,
  );
  if (choice === open) await vscode.window.showTextDocument(target);
}

async function writeScores(
  path: string,
  regions: readonly Region[],
  engine: EngineHost,
  model: ActiveModel,
  progress: vscode.Progress<{ increment: number }>,
  token: vscode.CancellationToken,
): Promise<void> {
  const cancel = new AbortController();
  token.onCancellationRequested(() => cancel.abort(new vscode.CancellationError()));
  const file = await NewFile.create(path);
  try {
    for (let at = 0; at < regions.length; at += rowsAtOnce) {
      const rows = regions.slice(at, at + rowsAtOnce).map(({ row }) => row);
      const answer = await engine.client.score({ ...model.request(), rows, tokens: true }, cancel.signal);
      const lines = answer.rows.flatMap((row): object[] => ("problem" in row ? [row] : [...row.scores]));
      await file.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      progress.report({ increment: (100 * rows.length) / regions.length });
    }
    await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
