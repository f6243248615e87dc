/** Documents as VS Code opens, edits, scrolls and closes them, with an engine that answers on demand. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DocumentViews } from "../../../../extension/editor/annotations/document-views";
import type { Reader } from "../../../../extension/editor/scores/reader";
import { ScoredDocuments } from "../../../../extension/editor/scores/scored-documents";
import { EngineCrash } from "../../../../extension/engine/process/engine-process";
import type { EngineHost } from "../../../../extension/platform/engine/engine-host";
import type { ActiveModel } from "../../../../extension/platform/models/active-model";
import { settled } from "../../../support/fake-clock";
import { FakeEngine } from "../../../support/fake-engine";
import { fake } from "../../../support/vscode-fake";
import type { FakeDocument, FakeEditor } from "../../../support/vscode-fake/document";
import { EventEmitter, Uri } from "../../../support/vscode-fake/values";

type Opened = Parameters<ScoredDocuments["add"]>[0];

let engine: FakeEngine;
let modelChanged: EventEmitter<void>;
let documents: ScoredDocuments;

beforeEach(() => {
  fake.reset();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  engine = new FakeEngine();
  modelChanged = new EventEmitter<void>();
  const { ask } = engine.context();
  const client = {
    score: (request: { rows: Parameters<typeof ask>[0] }, signal: AbortSignal) => ask(request.rows, signal),
  };
  const model = {
    model: "m",
    onDidChange: modelChanged.event,
    request: () => ({ model: "m", device: "cpu", maxLength: 512, chat: false }),
  };
  documents = new ScoredDocuments({ client } as unknown as EngineHost, model as unknown as ActiveModel);
});

afterEach(() => {
  documents.dispose();
  vi.useRealTimers();
});

const line = (text: string): string => JSON.stringify({ prompt: "", completion: text });

/** Opens a file of rows in an editor that shows these lines. */
function open(name: string, count: number, from: number, to: number): FakeEditor {
  const text = Array.from({ length: count }, (_, i) => line(`${name} ${i}`)).join("\n");
  return shown(`/${name}.jsonl`, text, "jsonl", from, to);
}

function shown(path: string, text: string, language: string, from: number, to: number): FakeEditor {
  const editor = fake.open(Uri.file(path), text, language);
  editor.scrollTo(from, to);
  return editor;
}

const asOpened = (document: FakeDocument): Opened => document as unknown as Opened;

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settled();
}

async function answerAll(): Promise<void> {
  for (let i = 0; i < engine.asked.length; i++) {
    engine.asked[i]?.answer();
    await pass(0);
  }
}

/** Kinds of the rows' entries. */
function kinds(document: FakeDocument): string[] {
  return (
    documents
      .get(asOpened(document))
      ?.all()
      .map(({ kind }) => kind) ?? []
  );
}

async function run(document: FakeDocument): Promise<void> {
  const added = documents.add(asOpened(document));
  await pass(0);
  await answerAll();
  await added;
  await answerAll();
}

test("adding a document scores its visible rows and resolves; the rows around them follow", async () => {
  const editor = open("a", 100, 0, 3);
  const { document } = editor;
  let isDone = false;
  void documents.add(asOpened(document)).then(() => {
    isDone = true;
  });
  await pass(0);
  expect(engine.texts).toEqual([["a 0", "a 1", "a 2", "a 3"]]);
  // Scrolling does not make it resolve early.
  fake.scroll(editor, 50, 53);
  await pass(100);
  expect(isDone).toBe(false);
  expect(engine.asked[0]?.signal.aborted).toBe(false);
  engine.asked[0]?.answer();
  await pass(0);
  expect(isDone).toBe(true);
  await answerAll();
  expect(kinds(document).slice(0, 5)).toEqual([...Array(4).fill("scored"), "waiting"]);
  expect(kinds(document).slice(20, 84)).toEqual(Array(64).fill("scored"));
});

test("an edited row loses its scores at once, and is scored after the pause", async () => {
  const { document } = open("a", 3, 0, 2);
  await run(document);
  fake.editLine(document, 1, line("a 1!"));
  expect(kinds(document)).toEqual(["scored", "waiting", "scored"]);
  await pass(149);
  const before = engine.asked.length;
  await pass(1);
  expect(engine.texts.slice(before)).toEqual([["a 1!"]]);
  await answerAll();
  expect(kinds(document)).toEqual(Array(3).fill("scored"));
});

test("replaced weights have every row scored again: when the folder changes, and when the user asks", async () => {
  const { document } = open("a", 3, 0, 2);
  await run(document);
  const scoring = async (): Promise<readonly string[][]> => {
    const before = engine.asked.length;
    await pass(0);
    await answerAll();
    await pass(0);
    await answerAll();
    return engine.texts.slice(before - 1).filter((texts) => texts.length > 0);
  };
  engine.fingerprint = "replaced";
  modelChanged.fire();
  await pass(0);
  expect((await scoring()).at(-1)).toEqual(["a 0", "a 1", "a 2"]);
  expect(kinds(document)).toEqual(Array(3).fill("scored"));
  engine.fingerprint = "replaced again";
  const added = documents.add(asOpened(document));
  await pass(0);
  expect((await scoring()).at(-1)).toEqual(["a 0", "a 1", "a 2"]);
  await added;
  expect(kinds(document)).toEqual(Array(3).fill("scored"));
});

test("a document that is reopened in another language or under another name stays scored", async () => {
  const { document } = open("a", 3, 0, 2);
  await run(document);
  const asked = engine.asked.length;
  fake.close(document);
  expect(documents.all()).toEqual([]);
  const text = document.getText();
  const { document: other } = shown(document.fileName, text, "json", 0, 2);
  expect(kinds(other)).toEqual(Array(3).fill("scored"));
  fake.renamed.fire({ files: [{ oldUri: other.uri, newUri: Uri.file("/b.jsonl") }] });
  const { document: renamed } = shown("/b.jsonl", text, "jsonl", 0, 2);
  fake.close(other);
  expect(documents.all().map((scored) => scored.document)).toEqual([renamed]);
  expect(kinds(renamed)).toEqual(Array(3).fill("scored"));
  await pass(1000);
  expect(engine.asked).toHaveLength(asked);
});

test("a crashed engine is not asked while the user scrolls, but at the next command", async () => {
  const editor = open("a", 300, 0, 2);
  const { document } = editor;
  const failures: boolean[] = [];
  documents.onDidFail(({ isAsked }) => failures.push(isAsked));
  const added = documents.add(asOpened(document));
  await pass(0);
  engine.asked[0]?.fail(new EngineCrash("twice"));
  await pass(0);
  await added;
  expect(failures).toEqual([true]);
  fake.scroll(editor, 100, 102);
  await pass(1000);
  expect(engine.asked).toHaveLength(1);
  await run(document);
  expect(kinds(document)[100]).toBe("scored");
});

test("all annotations read one view per change", async () => {
  const { document } = open("a", 3, 0, 2);
  const reader = {
    onDidChange: new EventEmitter<void>().event,
    readLow: vi.fn(() => ({ goal: "good", scale: { low: -1, threshold: 0, high: 1 }, lowSpans: [] })),
  };
  const views = new DocumentViews(documents, reader as unknown as Reader);
  const told: number[] = [];
  views.onDidChange((changed) => told.push(changed.length));
  await run(document);
  await pass(30);
  told.length = 0;
  const view = views.get(asOpened(document));
  expect([view?.entries, view?.lowSpans, view?.near.length]).toEqual([
    views.get(asOpened(document))?.entries,
    views.get(asOpened(document))?.lowSpans,
    3,
  ]);
  expect(views.get(asOpened(document))).toBe(view);
  expect(reader.readLow).toHaveBeenCalledTimes(3);
  // An edit is reported at once, and its view never has the old scores.
  fake.editLine(document, 0, line("edited"));
  expect(told).toEqual([1]);
  expect(views.get(asOpened(document))?.entries.map(({ kind }) => kind)).toEqual([
    "waiting",
    "scored",
    "scored",
  ]);
  views.dispose();
});
