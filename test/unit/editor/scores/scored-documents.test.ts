/** Documents as VS Code opens, edits, scrolls and closes them, with an engine that answers on demand. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DocumentViews } from "../../../../extension/editor/annotations/document-views";
import type { Reader } from "../../../../extension/editor/scores/reader";
import { ScoredDocuments } from "../../../../extension/editor/scores/scored-documents";
import { EngineCrash } from "../../../../extension/engine/process/engine-process";
import type { ActiveModel } from "../../../../extension/platform/active-model";
import type { EngineHost } from "../../../../extension/platform/engine-host";
import { settled } from "../../../support/fake-clock";
import { FakeEngine } from "../../../support/fake-engine";
import type { FakeDocument } from "../../../support/fake-vscode";

const { vscode, Emitter, Document } = await vi.hoisted(async () => {
  const fake = await import("../../../support/fake-vscode");
  return { vscode: new fake.FakeVscode(), Emitter: fake.Emitter, Document: fake.FakeDocument };
});
vi.mock("vscode", () => vscode.api());

type Opened = Parameters<ScoredDocuments["add"]>[0];

let engine: FakeEngine;
let modelChanged: InstanceType<typeof Emitter<void>>;
let documents: ScoredDocuments;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  engine = new FakeEngine();
  modelChanged = new Emitter<void>();
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
  for (const document of [...vscode.documents]) vscode.close(document);
  vi.useRealTimers();
});

const line = (text: string): string => JSON.stringify({ prompt: "", completion: text });

function open(name: string, count: number): FakeDocument {
  return new Document(
    `/${name}.jsonl`,
    Array.from({ length: count }, (_, i) => line(`${name} ${i}`)),
  );
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
  const document = open("a", 100);
  vscode.show(document, 0, 3);
  let isDone = false;
  void documents.add(asOpened(document)).then(() => {
    isDone = true;
  });
  await pass(0);
  expect(engine.texts).toEqual([["a 0", "a 1", "a 2", "a 3"]]);
  // Scrolling does not make it resolve early.
  vscode.scroll(vscode.editors[0] as (typeof vscode.editors)[number], 50, 53);
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
  const document = open("a", 3);
  vscode.show(document, 0, 2);
  await run(document);
  vscode.edit(document, 1, line("a 1!"));
  expect(kinds(document)).toEqual(["scored", "waiting", "scored"]);
  await pass(149);
  const before = engine.asked.length;
  await pass(1);
  expect(engine.texts.slice(before)).toEqual([["a 1!"]]);
  await answerAll();
  expect(kinds(document)).toEqual(Array(3).fill("scored"));
});

test("replaced weights have every row scored again: when the folder changes, and when the user asks", async () => {
  const document = open("a", 3);
  vscode.show(document, 0, 2);
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
  const document = open("a", 3);
  vscode.show(document, 0, 2);
  await run(document);
  const asked = engine.asked.length;
  vscode.close(document);
  expect(documents.all()).toEqual([]);
  const other = new Document(document.fileName, document.lines, "json");
  vscode.show(other, 0, 2);
  expect(kinds(other)).toEqual(Array(3).fill("scored"));
  const renamed = new Document("/b.jsonl", document.lines);
  vscode.renamed.fire({ files: [{ oldUri: other.uri, newUri: renamed.uri }] });
  vscode.show(renamed, 0, 2);
  vscode.close(other);
  expect(documents.all().map((scored) => scored.document)).toEqual([renamed]);
  expect(kinds(renamed)).toEqual(Array(3).fill("scored"));
  await pass(1000);
  expect(engine.asked).toHaveLength(asked);
});

test("a crashed engine is not asked while the user scrolls, but at the next command", async () => {
  const document = open("a", 300);
  vscode.show(document, 0, 2);
  const failures: boolean[] = [];
  documents.onDidFail(({ isAsked }) => failures.push(isAsked));
  const added = documents.add(asOpened(document));
  await pass(0);
  engine.asked[0]?.fail(new EngineCrash("twice"));
  await pass(0);
  await added;
  expect(failures).toEqual([true]);
  vscode.scroll(vscode.editors[0] as (typeof vscode.editors)[number], 100, 102);
  await pass(1000);
  expect(engine.asked).toHaveLength(1);
  await run(document);
  expect(kinds(document)[100]).toBe("scored");
});

test("all annotations read one view per change", async () => {
  const document = open("a", 3);
  vscode.show(document, 0, 2);
  const reader = {
    onDidChange: new Emitter<void>().event,
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
  vscode.edit(document, 0, line("edited"));
  expect(told).toEqual([1]);
  expect(views.get(asOpened(document))?.entries.map(({ kind }) => kind)).toEqual([
    "waiting",
    "scored",
    "scored",
  ]);
  views.dispose();
});
