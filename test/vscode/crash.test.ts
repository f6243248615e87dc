/** Kills the engine: the extension host survives, the user gets one message, and the next command works. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engine, engines, killBusyEngine } from "./support/engines";
import { samples } from "./support/fixture-model";
import { problemsIn } from "./support/problems";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing !== undefined) return;
  const pairs = await readFile(join(samples, "pairs.jsonl"), "utf8");
  const solution = await readFile(join(samples, "solution.md"), "utf8");
  workbench = await openWorkbench({
    workspaceFiles: {
      "pairs.jsonl": pairs,
      "solution.md": solution,
      "long.jsonl": longRows(12),
      // All rows differ.
      "many.jsonl": Array.from({ length: 20 }, (_, i) => pairs.replaceAll(/(\d+) /g, `$1${i % 7} `)).join(""),
    },
  });
});

afterAll(() => workbench?.stop());

function killEngine(): void {
  process.kill(engine(workbench), "SIGKILL");
}

/** Makes rows that take seconds to score, because each has the model's maximum length. */
function longRows(count: number): string {
  const steps = (n: number): string =>
    Array.from({ length: 400 }, (_, i) => `Step ${i + 1}: That is ${n} + ${i} = ${n + i} beads.`).join("\n");
  return Array.from(
    { length: count },
    (_, n) => `${JSON.stringify({ prompt: `Row ${n}. `, chosen: steps(n), rejected: steps(n + 1) })}\n`,
  ).join("");
}

const lowSpans = async (): Promise<number> => (await problemsIn(workbench)).length;

/** Counts the crash messages in the notification list, where VS Code keeps only one of several equal ones. */
async function told(): Promise<number> {
  await workbench.vs((vscode) => vscode.commands.executeCommand("notifications.showList"));
  return workbench.page
    .locator(".notifications-center .notification-list-item", { hasText: "the engine crashed" })
    .count();
}

test("the next command works after the engine is killed while idle", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Run Reward Model");
  await expect.poll(lowSpans).toBe(8);
  killEngine();
  await expect.poll(told).toBe(1);
  await workbench.openFile("solution.md");
  await workbench.command("Reward Inspector: Run Reward Model");
  await expect.poll(lowSpans).toBe(1);
  expect(await told()).toBe(1);
});

test("the new scores arrive even if the engine is killed after an edit", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const before = engine(workbench);
  await workbench.vs(async (vscode) => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) =>
      edit.insert(new vscode.Position(1, 0), "Step 0: That is 1 + 1 = 2 beads.\n"),
    );
  });
  // The kill must come at once, because the engine gets a request after a pause.
  process.kill(before, "SIGKILL");
  await expect.poll(lowSpans).toBeGreaterThan(0);
  await expect.poll(() => engines(workbench).filter((pid) => pid !== before).length).toBe(1);
  expect(await told()).toBe(1);
});

test("Restart Engine starts a new engine, which scores every row", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const [before] = engines(workbench);
  await workbench.command("Reward Inspector: Restart Engine");
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Clear");
  await workbench.vs(async (vscode) => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) =>
      edit.insert(new vscode.Position(8, 0), editor.document.lineAt(0).text.replace("Ana", "Eva")),
    );
    await vscode.commands.executeCommand("rewardInspector.runModel");
  });
  await expect.poll(() => engines(workbench).filter((pid) => pid !== before).length).toBe(1);
  await expect.poll(lowSpans).toBe(9);
});

/** Counts the lenses of the active file that show a margin. */
const rewards = (): Promise<number> =>
  workbench.vs(async (vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined) return 0;
    const lenses = await vscode.commands.executeCommand<{ command?: { title: string } }[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
      100,
    );
    return lenses.filter(({ command }) => /margin/.test(command?.title ?? "")).length;
  });

const clearNotes = (): Promise<unknown> =>
  workbench.vs((vscode) => vscode.commands.executeCommand("notifications.clearAll"));

/** Starts a command that may end after the test. */
async function begin(command: string, argument?: unknown): Promise<void> {
  void workbench
    .vs((vscode, [id, given]) => vscode.commands.executeCommand(id, given), [command, argument] as const)
    .catch(() => undefined);
}

test("all rows are scored even if the engine is killed during a request", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await clearNotes();
  await workbench.openFile("long.jsonl");
  await killBusyEngine(workbench, () => begin("rewardInspector.runModel"));
  // Rows that were already scored keep their scores.
  expect(await rewards()).toBeLessThan(12);
  await expect.poll(told).toBe(1);
  await expect.poll(rewards).toBe(12);
  expect(await told()).toBe(1);
});

test("the new text is scored even if the engine is killed while it rescores an edit", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await clearNotes();
  await killBusyEngine(workbench, () =>
    workbench.vs(async (vscode) => {
      const editor = vscode.window.activeTextEditor;
      const { document } = editor ?? {};
      const all = document?.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
      if (document && all)
        await editor?.edit((edit) => edit.replace(all, document.getText().replaceAll("Row ", "Line ")));
    }),
  );
  expect(await rewards()).toBeLessThan(12);
  await expect.poll(rewards).toBe(12);
  expect(await told()).toBe(1);
});

test("an evaluation starts over if the engine is killed during it", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await clearNotes();
  const report = workbench.page.locator(".tab", { hasText: "default on many.jsonl" });
  const dataset = join(workbench.workspace, "many.jsonl");
  await killBusyEngine(workbench, () => begin("rewardInspector.evaluate", { dataset }));
  expect(await report.count()).toBe(0);
  await expect.poll(() => report.count()).toBeGreaterThan(0);
  expect(await told()).toBe(1);
});
