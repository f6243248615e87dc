/** Tests a shaded file while the model's files, its goal states, or the file's own name and language change. */
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkpoint, samplePairs } from "../support/fixture";
import { decorations } from "./support/ui";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench({
    // The folders exist before VS Code begins to watch, because it may miss folders that are copied in soon afterward.
    workspaceFiles: { "pairs.jsonl": await readFile(samplePairs), ...(await modelFiles()) },
    settings: { "rewardInspector.model": "./model", "rewardInspector.device": "cpu" },
  });
});

afterAll(() => workbench?.stop());

/** Reads the files of the test checkpoint, keyed by path in the workspace folder `model`. */
async function modelFiles(): Promise<Record<string, Buffer>> {
  const entries = await readdir(checkpoint, { recursive: true, withFileTypes: true });
  const files: Record<string, Buffer> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[join("model", relative(checkpoint, path))] = await readFile(path);
  }
  return files;
}

/** Returns the titles of the rows' lenses. */
function titles(): Promise<readonly string[]> {
  return workbench.vs(async (vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined) return [];
    const lenses = await vscode.commands.executeCommand<{ command?: { title: string } }[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
      100,
    );
    return lenses.map(({ command }) => command?.title ?? "").filter((title) => /^chosen/.test(title));
  });
}

test("every row is scored again when the weights are replaced in place", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Run Reward Model");
  await expect.poll(() => decorations(workbench.page).count()).toBeGreaterThan(10);
  await expect.poll(async () => (await titles()).length).toBe(7);
  const before = await titles();
  const weights = join(workbench.workspace, "model/model.safetensors");
  const bytes = await readFile(weights);
  bytes.set(bytes.subarray(bytes.length - 8192, bytes.length - 4096), bytes.length - 4096);
  await writeFile(weights, bytes);
  await expect
    .poll(async () => {
      const now = await titles();
      return now.length === before.length && now.every((title, i) => title !== before[i]);
    })
    .toBe(true);
});

test("a goal state that was added from a terminal can be chosen, and a missing one is named in a message", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  const goals = join(workbench.workspace, "model/goal_states");
  await cp(join(goals, "preferred.safetensors"), join(goals, "fromcli.safetensors"));
  const choose = (goal: string): Promise<void> =>
    workbench.vs(async (vscode, name) => {
      await vscode.workspace.getConfiguration("rewardInspector").update("goalState", name);
    }, goal);
  await choose("fromcli");
  const messages = (): Promise<string[]> =>
    workbench.vs(async (vscode) => {
      const { document } = vscode.window.activeTextEditor ?? {};
      return document === undefined
        ? []
        : vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
    });
  await expect
    .poll(async () => {
      // The last problem only counts those that are not listed.
      const found = (await messages()).filter((message) => !message.startsWith("Not listed"));
      return found.length > 0 && found.every((message) => message.includes("(goal fromcli)"));
    })
    .toBe(true);
  await choose("nosuch");
  await workbench.page
    .getByText(/goal state nosuch/)
    .first()
    .waitFor();
});

test("the shading survives a change of language mode and a rename", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.vs(async (vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document) await vscode.languages.setTextDocumentLanguage(document, "json");
  });
  await expect.poll(() => decorations(workbench.page).count()).toBeGreaterThan(10);
  await workbench.vs(async (vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (!document) return;
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, vscode.Uri.joinPath(document.uri, "../renamed.jsonl"));
    await vscode.workspace.applyEdit(edit);
  });
  await expect
    .poll(() =>
      workbench.vs((vscode) => vscode.window.activeTextEditor?.document.fileName.endsWith("renamed.jsonl")),
    )
    .toBe(true);
  await expect.poll(() => decorations(workbench.page).count()).toBeGreaterThan(10);
});
