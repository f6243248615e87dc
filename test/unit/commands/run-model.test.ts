/** Run Reward Model on a document that has nothing to score yet. */
import { beforeEach, expect, test, vi } from "vitest";
import { runModel } from "../../../extension/commands/run-model";
import { DocumentRows } from "../../../extension/editor/documents/document-rows";
import { EditedDocument } from "../../support/text-document";

const state = vi.hoisted(() => ({ told: [] as string[], editor: undefined as unknown }));

vi.mock("vscode", () => ({
  ProgressLocation: { Window: 10 },
  EventEmitter: class {},
  window: {
    get activeTextEditor() {
      return state.editor;
    },
    visibleTextEditors: [],
    withProgress: (_: unknown, work: () => unknown) => work(),
    showInformationMessage: async (text: string) => void state.told.push(text),
  },
}));

beforeEach(() => {
  state.told.length = 0;
});

/** Runs the command and records what it does to the scored documents. */
async function run(text: string): Promise<{ calls: string[]; rows: DocumentRows; edited: EditedDocument }> {
  const edited = new EditedDocument(text, { fileName: "Untitled-1" });
  const { document } = edited;
  const rows = new DocumentRows(document);
  const calls: string[] = [];
  state.editor = { document };
  const documents = {
    add: async () => {
      calls.push("add");
      return { rows };
    },
    remove: () => calls.push("remove"),
  };
  const preferences = { chosen: { shading: "heat" } };
  await runModel(
    documents as unknown as Parameters<typeof runModel>[0],
    preferences as unknown as Parameters<typeof runModel>[1],
  );
  return { calls, rows, edited };
}

test("an empty document stays scored, so that it is followed once there is text", async () => {
  const { calls, rows, edited } = await run("\n");
  expect(calls).toEqual(["add"]);
  expect(state.told).toEqual([
    "Reward Inspector: Untitled-1 has no completion yet; it will be scored as soon as it has one.",
  ]);
  edited.rewrite("How many?\nTwo.");
  expect(rows.between(0, 1)).toMatchObject([{ row: { completions: [{ completion: "Two." }] } }]);
});

test("there is no message for a document that has a completion", async () => {
  expect((await run("Two.")).calls).toEqual(["add"]);
  expect(state.told).toEqual([]);
});
