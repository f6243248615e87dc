/** Lenses, hovers, hints and fixes are registered for scored documents, and for no others. */
import { beforeEach, expect, test } from "vitest";
import type * as vscode from "vscode";
import { CodeLenses } from "../../../../extension/editor/annotations/code-lenses";
import { QuickFixes } from "../../../../extension/editor/annotations/quick-fixes";
import { RewardHints } from "../../../../extension/editor/annotations/reward-hints";
import { ScoredProviders } from "../../../../extension/editor/annotations/scored-providers";
import { TokenHover } from "../../../../extension/editor/annotations/token-hover";
import { fake } from "../../../support/vscode-fake";
import { fakeLanguages } from "../../../support/vscode-fake/languages";
import { EventEmitter, Uri } from "../../../support/vscode-fake/values";

const changed = new EventEmitter<unknown>();
const closed = new EventEmitter<unknown>();
let scored: { document: { languageId: string; uri: Uri } }[];
/** A fake of both ScoredDocuments and DocumentViews. */
const documents = {
  all: () => scored,
  onDidChange: changed.event,
  onDidClose: closed.event,
  onDidChangeActivity: new EventEmitter<void>().event,
};

beforeEach(() => {
  fake.reset();
  changed.dispose();
  closed.dispose();
  scored = [];
});

const documentIn = (languageId: string, uri: Uri) => ({ document: { languageId, uri } });

test("the selector has the languages and schemes of the scored documents, and changes only with them", () => {
  const live = new Set<unknown>();
  const selectors: unknown[] = [];
  const providers = new ScoredProviders(documents as never, (selector) => {
    selectors.push(selector);
    live.add(selector);
    return { dispose: () => live.delete(selector) } as unknown as vscode.Disposable;
  });
  expect(selectors).toEqual([]);
  scored = [documentIn("jsonl", Uri.file("/a.jsonl"))];
  changed.fire(undefined);
  scored.push(documentIn("jsonl", Uri.file("/b.jsonl")));
  changed.fire(undefined);
  expect(selectors).toEqual([[{ language: "jsonl", scheme: "file" }]]);
  scored.push(documentIn("markdown", Uri.from({ scheme: "untitled", path: "Untitled-1" })));
  changed.fire(undefined);
  expect([...live]).toEqual([
    [
      { language: "jsonl", scheme: "file" },
      { language: "markdown", scheme: "untitled" },
    ],
  ]);
  scored = [];
  closed.fire(undefined);
  expect([...live]).toEqual([]);
  scored = [documentIn("json", Uri.file("/a.json"))];
  changed.fire(undefined);
  expect(live.size).toBe(1);
  providers.dispose();
  expect(live.size).toBe(0);
  expect(changed.listeners + closed.listeners).toBe(0);
});

test("no feature is registered before a document is scored, nor for every file", () => {
  const made = [
    new CodeLenses(documents as never, documents as never, {} as never),
    new TokenHover(documents as never, {} as never),
    new RewardHints(documents as never, documents as never, {} as never),
    new QuickFixes(documents as never),
  ];
  expect(fakeLanguages.selectors).toEqual({});
  scored = [documentIn("jsonl", Uri.file("/a.jsonl"))];
  changed.fire(undefined);
  const selector = [{ language: "jsonl", scheme: "file" }];
  expect(fakeLanguages.selectors).toEqual({
    "code-lens": selector,
    hover: selector,
    "inlay-hints": selector,
    "code-actions": selector,
  });
  for (const each of made) each.dispose();
  expect(fakeLanguages.selectors).toEqual({});
});
