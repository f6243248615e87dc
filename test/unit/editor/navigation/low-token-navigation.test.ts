/** Going from low span to low span, over rows that are scored on the way. */
import { beforeEach, expect, test } from "vitest";
import { LowTokenNavigation } from "../../../../extension/editor/navigation/low-token-navigation";
import { readingOf } from "../../../../extension/editor/scores/reading";
import type { ScoredText } from "../../../../extension/editor/scores/scored-document";
import { asDocument, asEditor, openFile, pairsText, ScoredFiles } from "../../../support/scored-files";
import { fake } from "../../../support/vscode-fake";
import type { FakeEditor } from "../../../support/vscode-fake/document";

const readLow = (text: ScoredText) =>
  readingOf(text, { metric: "q", granularity: "token", threshold: 0, scale: "full", goal: "good" });

let files: ScoredFiles;
let navigation: LowTokenNavigation;
beforeEach(() => {
  fake.reset();
  files = new ScoredFiles();
  navigation = new LowTokenNavigation(files, { readLow });
});

async function opened(...pairs: (readonly [string, string])[]): Promise<FakeEditor> {
  const editor = openFile("pairs.jsonl", pairsText(...pairs));
  await files.add(asDocument(editor));
  return editor;
}

/** The text after the cursor. */
const here = ({ document, selection }: FakeEditor): string =>
  document.getText().slice(document.offsetAt(selection.active)).slice(0, 5);

const fine = ["good 2", "bad 1"] as const;

test("goes to the next, over rows without any, and round the end of the file", async () => {
  const editor = await opened(["good lowA 2", "bad 1"], fine, ["good 2", "bad lowB 1"]);
  // Rows are scored only once the search has to go past what it knows.
  await navigation.next(asEditor(editor));
  expect(here(editor)).toBe(" lowA");
  await navigation.next(asEditor(editor));
  expect(here(editor)).toBe(" lowB");
  await navigation.next(asEditor(editor));
  expect(here(editor)).toBe(" lowA");
  expect(editor.revealed).toHaveLength(3);
});

test("goes back to the one before", async () => {
  const editor = await opened(["good lowA 2", "bad 1"], fine, ["good 2", "bad lowB 1"]);
  await navigation.previous(asEditor(editor));
  expect(here(editor)).toBe(" lowB");
  await navigation.previous(asEditor(editor));
  expect(here(editor)).toBe(" lowA");
});

test("says that a file has none, or is not scored", async () => {
  await navigation.next(asEditor(await opened(fine, fine)));
  await navigation.next(asEditor(openFile("other.jsonl", pairsText(fine))));
  expect(fake.messages.map(({ text }) => text)).toEqual([
    "Reward Inspector: no token of this document is low.",
    "Reward Inspector: this document is not scored; run the reward model first.",
  ]);
});

test("asks before it scores more than 320 rows", async () => {
  const many = Array.from({ length: 400 }, (_, i) => [`good ${i + 2}`, "bad 1"] as const);
  const editor = await opened(...many, ["good lowA 2", "bad 1"]);
  fake.answer = () => undefined;
  await navigation.next(asEditor(editor));
  expect(files.asked.flat()).toHaveLength(320);
  expect(here(editor)).toBe(editor.document.getText().slice(0, 5));
  fake.answer = () => "Search Further";
  await navigation.next(asEditor(editor));
  expect(here(editor)).toBe(" lowA");
});

test("a search that is canceled, or whose text was edited, moves nothing", async () => {
  const editor = await opened(fine, ["good lowA 2", "bad 1"]);
  files.gate = async () => fake.progress[0]?.cancel();
  await navigation.next(asEditor(editor));
  expect(editor.revealed).toEqual([]);
  files.gate = async () => editor.document.write(`\n${editor.document.getText()}`);
  await navigation.next(asEditor(editor));
  expect(editor.revealed).toEqual([]);
});

test("rows that cannot be scored say why", async () => {
  const editor = await opened(fine);
  files.gate = () => Promise.reject(new Error("the engine is gone"));
  await expect(navigation.next(asEditor(editor))).rejects.toThrow("the engine is gone");
});
