/** Ways through the rows of a file. */
import { beforeEach, describe, expect, test } from "vitest";
import { DocumentRows } from "../../../../extension/editor/documents/document-rows";
import { CompletionFinder } from "../../../../extension/panels/compare/completion-finder";
import { RowOrder } from "../../../../extension/panels/compare/row-order";
import { RowWalk } from "../../../../extension/panels/compare/row-walk";
import type { Subject } from "../../../../extension/panels/compare/subject";
import { asDocument, asEditor, openFile, pairsText, ScoredFiles } from "../../../support/scored-files";
import { fake } from "../../../support/vscode-fake";
import type { FakeEditor } from "../../../support/vscode-fake/document";

beforeEach(() => fake.reset());

const right = ["good 2", "bad 1"] as const;
const wrong = ["bad 1", "good 2"] as const;

describe("the rows of a file in order", () => {
  test("of JSON Lines are those that are not blank, whatever is between them", () => {
    const text = `\n${pairsText(right)}\n  \n${pairsText(wrong)}\n`;
    const editor = openFile("a.jsonl", text);
    const order = new RowOrder(new DocumentRows(asDocument(editor)));
    expect(order.count).toBe(2);
    const second = text.indexOf("bad 1", text.indexOf("\n  \n"));
    expect([0, 1, second, text.length].map((offset) => order.indexAt(offset))).toEqual([0, 0, 1, 1]);
    expect(order.row(1)?.start).toBe(text.lastIndexOf("{"));
    expect(order.row(2)).toBeUndefined();
    editor.document.write(`${text}${pairsText(right)}\n`);
    expect(order.count).toBe(3);
  });

  test("of a text are the rows that are read in it", () => {
    const order = new RowOrder(new DocumentRows(asDocument(openFile("a.md", "Just a text."))));
    expect([order.count, order.indexAt(5)]).toEqual([1, 0]);
  });
});

async function walkOf(files: ScoredFiles, ...pairs: (readonly [string, string])[]) {
  const editor = openFile("pairs.jsonl", pairsText(...pairs));
  await files.add(asDocument(editor));
  const walk = new RowWalk(new CompletionFinder(files), files);
  return { editor, walk, at: (row: number, in_ = 0) => subjectAt(editor, row, in_) };
}

/** The row, its `in_`th completion. */
function subjectAt({ document }: FakeEditor, row: number, in_: number): Subject & { kind: "row" } {
  const name = in_ === 0 ? '"chosen":"' : '"rejected":"';
  const text = document.getText();
  const start = text.split("\n").slice(0, row).join("\n").length + (row === 0 ? 0 : 1);
  const offset = text.indexOf(name, start) + name.length;
  return { kind: "row", at: { uri: document.uri.toString(), offset } };
}

test("the next row and the one before keep to the completion that is looked at", async () => {
  const { walk, at } = await walkOf(new ScoredFiles(), right, right, right);
  expect(await walk.neighbor(at(0, 1), "next")).toEqual(at(1, 1));
  expect(await walk.neighbor(at(1), "previous")).toEqual(at(0));
  expect(await walk.neighbor(at(0), "previous")).toBeUndefined();
  expect(await walk.neighbor(at(2), "next")).toBeUndefined();
});

test("a comparison under two models stays one", async () => {
  const { walk, at } = await walkOf(new ScoredFiles(), right, right);
  const models: Subject = { kind: "models", at: at(0).at, other: "/m" };
  expect(await walk.neighbor(models, "next")).toEqual({ kind: "models", at: at(1).at, other: "/m" });
});

test("the cursor leads within scored files, and not away from two chosen completions", async () => {
  const { editor, walk, at } = await walkOf(new ScoredFiles(), right);
  editor.moveTo(7);
  const place = { uri: at(0).at.uri, offset: 7 };
  expect(walk.follow(undefined, asEditor(editor))).toEqual({ kind: "row", at: place });
  const models: Subject = { kind: "models", at: at(0).at, other: "/m" };
  expect(walk.follow(models, asEditor(editor))).toEqual({ ...models, at: place });
  const two: Subject = { kind: "completions", first: at(0).at, second: at(0).at };
  expect(walk.follow(two, asEditor(editor))).toBeUndefined();
  expect(walk.follow(undefined, asEditor(openFile("other.jsonl", pairsText(right))))).toBeUndefined();
});

describe("the next misranked pair", () => {
  test("is found after the row, and round the end of the file", async () => {
    const { walk, at } = await walkOf(new ScoredFiles(), right, wrong, right, wrong);
    expect(await walk.neighbor(at(0), "next-misranked")).toEqual(at(1));
    expect(await walk.neighbor(at(1), "next-misranked")).toEqual(at(3));
    expect(await walk.neighbor(at(3), "next-misranked")).toEqual(at(1));
  });

  test("may be the row itself, or none", async () => {
    const { walk, at } = await walkOf(new ScoredFiles(), wrong, right);
    expect(await walk.neighbor(at(0), "next-misranked")).toEqual(at(0));
    fake.reset();
    const none = await walkOf(new ScoredFiles(), right, right);
    expect(await none.walk.neighbor(none.at(0), "next-misranked")).toBeUndefined();
  });

  test("is not one that was cut off", async () => {
    const files = new ScoredFiles((text) => ({
      reward: text.startsWith("good") ? 2 : 1,
      more: { truncated: text.includes("long") ? 5 : 0 },
    }));
    const { walk, at } = await walkOf(files, right, ["bad long", "good 2"], wrong);
    expect(await walk.neighbor(at(0), "next-misranked")).toEqual(at(2));
  });

  test("is looked for in groups, with progress once it takes longer", async () => {
    const files = new ScoredFiles();
    const pairs = Array.from({ length: 40 }, (_, i) => [`good ${i + 3}`, "bad 1"] as const);
    const { walk, at } = await walkOf(files, ...pairs.slice(0, 39), ["bad 1", "good 77"]);
    expect(await walk.neighbor(at(0), "next-misranked")).toEqual(at(39));
    expect(files.asked.map((rows) => rows.length)).toEqual([16, 16, 8]);
    expect(fake.progress.map(({ title }) => title)).toEqual(["Looking for a misranked pair in pairs.jsonl"]);
  });

  test("is given up when the user cancels", async () => {
    const files = new ScoredFiles();
    const pairs = Array.from({ length: 40 }, (_, i) => [`good ${i + 3}`, "bad 1"] as const);
    const { walk, at } = await walkOf(files, ...pairs);
    files.gate = async () => fake.progress[0]?.cancel();
    await expect(walk.neighbor(at(0), "next-misranked")).rejects.toThrow();
    expect(files.asked).toHaveLength(2);
  });
});
