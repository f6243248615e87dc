/** The engine is killed: the extension host lives, the user is told once, and the next command works. */
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
      // Many rows that are no two alike.
      "many.jsonl": Array.from({ length: 20 }, (_, i) => pairs.replaceAll(/(\d+) /g, `$1${i % 7} `)).join(""),
    },
  });
});

afterAll(() => workbench?.stop());

function killEngine(): void {
  process.kill(engine(workbench), "SIGKILL");
}

/** Rows whose scoring takes seconds: each is as long as the model reads. */
function longRows(count: number): string {
  const steps = (n: number): string =>
    Array.from({ length: 400 }, (_, i) => `Step ${i + 1}: That is ${n} + ${i} = ${n + i} beads.`).join("\n");
  return Array.from(
    { length: count },
    (_, n) => `${JSON.stringify({ prompt: `Row ${n}. `, chosen: steps(n), rejected: steps(n + 1) })}\n`,
  ).join("");
}

const lowSpans = async (): Promise<number> => (await problemsIn(workbench)).length;

/** Notes of a crash in the list: VS Code keeps one of several that say the same. */
async function told(): Promise<number> {
  await workbench.vs((vscode) => vscode.commands.executeCommand("notifications.showList"));
  return workbench.page
    .locator(".notifications-center .notification-list-item", { hasText: "the engine crashed" })
    .count();
}

test("killed at rest, and the next command works", async ({ skip }) => {
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

test("killed after an edit, and the new scores come all the same", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const before = engine(workbench);
  await workbench.vs(async (vscode) => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) =>
      edit.insert(new vscode.Position(1, 0), "Step 0: That is 1 + 1 = 2 beads.\n"),
    );
  });
  // At once: after a pause the engine is asked.
  process.kill(before, "SIGKILL");
  await expect.poll(lowSpans).toBeGreaterThan(0);
  await expect.poll(() => engines(workbench).filter((pid) => pid !== before).length).toBe(1);
  expect(await told()).toBe(1);
});

test("Restart Engine starts another, and every row is scored by it", async ({ skip }) => {
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

/** Lenses of the active file that give a reward. */
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

/** Runs a command that may end later than the test does. */
async function begin(command: string, argument?: unknown): Promise<void> {
  void workbench
    .vs((vscode, [id, given]) => vscode.commands.executeCommand(id, given), [command, argument] as const)
    .catch(() => undefined);
}

test("killed in the middle of a request, and its rows are scored all the same", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await clearNotes();
  await workbench.openFile("long.jsonl");
  await killBusyEngine(workbench, () => begin("rewardInspector.runModel"));
  // Rows that were answered before keep their scores.
  expect(await rewards()).toBeLessThan(12);
  await expect.poll(told).toBe(1);
  await expect.poll(rewards).toBe(12);
  expect(await told()).toBe(1);
});

test("killed in the middle of an edit's rescoring, and the new text is scored", async ({ skip }) => {
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

test("killed in the middle of an evaluation, which starts over", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await clearNotes();
  const report = workbench.page.locator(".tab", { hasText: "default on many.jsonl" });
  const dataset = join(workbench.workspace, "many.jsonl");
  await killBusyEngine(workbench, () => begin("rewardInspector.evaluate", { dataset }));
  expect(await report.count()).toBe(0);
  await expect.poll(() => report.count()).toBeGreaterThan(0);
  expect(await told()).toBe(1);
});
