/** Low spans in the Problems panel. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LowSpanProblems } from "../../../../extension/editor/annotations/low-span-problems";
import { fake } from "../../../support/vscode-fake";
import { FakeDocument } from "../../../support/vscode-fake/document";
import { fakeLanguages } from "../../../support/vscode-fake/languages";
import { EventEmitter, Uri } from "../../../support/vscode-fake/values";

beforeEach(() => {
  fake.reset();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Problems of a document whose low spans have these lowest values, each at its index in the text. */
function problemsWith(
  lowest: readonly number[],
): readonly { readonly message: string; readonly at: number }[] {
  const document = new FakeDocument(Uri.file("/a.jsonl"), "a".repeat(lowest.length + 1), "jsonl");
  const lowSpans = lowest.map((value, i) => ({
    start: i,
    end: i + 1,
    run: { start: i, end: i + 1, firstToken: i, lastToken: i, lowest: value },
    reading: { goal: "good", scale: { low: -1, threshold: 0, high: 1 } },
  }));
  const changed = new EventEmitter<void>();
  const views = {
    all: () => [{ document, lowSpans }],
    onDidChange: changed.event,
    onDidClose: new EventEmitter<FakeDocument>().event,
  };
  fake.settings.set("rewardInspector.diagnostics", true);
  const diagnostics = new LowSpanProblems(views as never, { chosen: { metric: "q" } } as never);
  changed.fire();
  vi.runAllTimers();
  const found = fakeLanguages.problemsOf(document.uri);
  const problems = found.map(({ message, range }) => ({ message, at: document.offsetAt(range.start) }));
  diagnostics.dispose();
  return problems;
}

test("every low span is a problem, in the order of the document", () => {
  expect(problemsWith([-0.25, -0.5])).toEqual([
    { message: "Low Q: −0.25 at its lowest, 1 token below 0 (goal good)", at: 0 },
    { message: "Low Q: −0.50 at its lowest, 1 token below 0 (goal good)", at: 1 },
  ]);
});

test("of more than 100, the lowest are listed, and one more problem counts the others", () => {
  // Values rise and fall along the text: 103 different ones.
  const lowest = Array.from({ length: 103 }, (_, i) => -(((i * 7) % 103) + 1) / 128);
  const problems = problemsWith(lowest);
  const [last] = problems.slice(-1);
  const places = problems.slice(0, -1).map(({ at }) => at);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  const listed = places.map((at) => lowest[at] ?? 0).sort((a, b) => a - b);
  const ascending = [...lowest].sort((a, b) => a - b);
  expect(listed).toEqual(ascending.slice(0, 100));
  expect(last).toEqual({
    message: "Not listed: 3 more low spans. The lowest of them is here.",
    at: lowest.indexOf(ascending[100] ?? 0),
  });
});

test("100 low spans are all listed, and nothing is counted", () => {
  const problems = problemsWith(Array.from({ length: 100 }, () => -0.5));
  expect(problems).toHaveLength(100);
  expect(problems.filter(({ message }) => message.startsWith("Not listed"))).toEqual([]);
});
