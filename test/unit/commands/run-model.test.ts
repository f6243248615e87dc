/** Run Reward Model: on a document without completions, and on both sides of a diff. */
import { beforeEach, expect, test } from "vitest";
import { runModel } from "../../../extension/commands/run-model";
import { DocumentRows } from "../../../extension/editor/documents/document-rows";
import { fake } from "../../support/vscode-fake";
import type { FakeDocument } from "../../support/vscode-fake/document";
import { TabInputTextDiff, Uri } from "../../support/vscode-fake/values";

let added: FakeDocument[];

beforeEach(() => {
  fake.reset();
  added = [];
});

async function run(): Promise<void> {
  const documents = {
    add: async (document: FakeDocument) => {
      added.push(document);
      return { rows: new DocumentRows(document as never) };
    },
  };
  await runModel(documents as never, { chosen: { shading: "heat" } } as never);
}

const messages = (): string[] => fake.messages.map(({ text }) => text);

test("an empty document stays scored, so that it is followed once there is text", async () => {
  const { document } = fake.open(Uri.from({ scheme: "untitled", path: "Untitled-1" }), "\n");
  await run();
  expect(added).toEqual([document]);
  expect(messages()).toEqual([
    "Reward Inspector: Untitled-1 has no completion yet; it will be scored as soon as it has one.",
  ]);
  const rows = new DocumentRows(document as never);
  document.write("How many?\nTwo.");
  expect(rows.between(0, 1)).toMatchObject([{ row: { completions: [{ completion: "Two." }] } }]);
});

test("nothing is said about a document that has a completion", async () => {
  const { document } = fake.open(Uri.file("/a.txt"), "Two.");
  await run();
  expect(added).toEqual([document]);
  expect(messages()).toEqual([]);
});

const committed = Uri.from({ scheme: "git", path: "/a.txt", query: "HEAD" });

test("both sides of a diff are scored, whichever has the cursor", async () => {
  const right = fake.open(Uri.file("/a.txt"), "Three.").document;
  // The committed file is empty: the other side has a completion, so nothing is said.
  const left = fake.open(committed, "").document;
  fake.open(Uri.file("/other.txt"), "Four.");
  fake.editors = fake.editors.filter(({ document }) => document === left || document === right);
  fake.tabInput = new TabInputTextDiff(committed, right.uri);
  await run();
  expect(new Set(added)).toEqual(new Set([left, right]));
  fake.editors.reverse();
  added.length = 0;
  await run();
  expect(new Set(added)).toEqual(new Set([left, right]));
  expect(messages()).toEqual([]);
});

test("a diff that does not show the document with the cursor is left alone", async () => {
  const side = fake.open(Uri.file("/a.txt"), "Three.").document;
  const { document } = fake.open(Uri.file("/output.txt"), "Four.");
  fake.tabInput = new TabInputTextDiff(committed, side.uri);
  await run();
  expect(added).toEqual([document]);
});
