import { expect, test } from "vitest";
import type * as vscode from "vscode";
import { DocumentRows } from "../../../../extension/editor/documents/document-rows";
import { addressOf } from "../../../../extension/editor/documents/part-address";

/** As much of a document as rows are read from. */
function documentOf(text: string, uri: { scheme: string; path: string; query: string }): vscode.TextDocument {
  const lines = text.split("\n");
  const starts = lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + line.length + 1, 0));
  const document = {
    uri,
    fileName: uri.path,
    languageId: "jsonl",
    version: 1,
    lineCount: lines.length,
    getText: () => text,
    validateRange: (range: unknown) => range,
    positionAt: () => ({ line: 0 }),
    offsetAt: ({ line }: Partial<vscode.Position>) => starts[line ?? 0] ?? 0,
    lineAt: (line: number) => ({
      text: lines[line] ?? "",
      range: { start: { line }, end: { line }, with: () => undefined },
    }),
  };
  return document as unknown as vscode.TextDocument;
}

const row = JSON.stringify({ prompt: "a", completion: "b" });
const places = (document: vscode.TextDocument): unknown[] =>
  new DocumentRows(document, () => false)
    .between(0, document.lineCount - 1)
    .map((region) => ("row" in region ? [region.row.row, region.row.place] : region.problem));

test("rows are named by their lines", () => {
  const document = documentOf(`${row}\n\n${row}`, { scheme: "file", path: "/data/rows.jsonl", query: "" });
  expect(places(document)).toEqual([
    [0, "rows.jsonl:1"],
    [2, "rows.jsonl:3"],
  ]);
});

test("rows of a part are named as in the whole file", () => {
  const address = { path: "/data/rows.jsonl", index: 1, line: 5000, stamp: "" };
  expect(places(documentOf(`${row}\n\n${row}`, addressOf(address, 3)))).toEqual([
    [5000, "rows.jsonl:5001"],
    [5002, "rows.jsonl:5003"],
  ]);
});
