/** The engine is killed: the extension host lives, the user is told once, and the next command works. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing === undefined) workbench = await openWorkbench();
});

afterAll(() => workbench?.stop());

/** Processes of the engine below the workbench's server. */
function engines(): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const below = new Set([workbench.serverPid]);
  for (let before = 0; before !== below.size; ) {
    before = below.size;
    for (const [pid, parent] of rows) if (below.has(Number(parent))) below.add(Number(pid));
  }
  return rows
    .filter(([pid, , ...args]) => below.has(Number(pid)) && args.join(" ").endsWith("dist/engine.js"))
    .map(([pid]) => Number(pid));
}

function killEngine(): void {
  const found = engines();
  expect(found).toHaveLength(1);
  for (const pid of found) process.kill(pid, "SIGKILL");
}

const lowRuns = (): Promise<number> =>
  workbench.vs((vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    return document === undefined ? 0 : vscode.languages.getDiagnostics(document.uri).length;
  });

/** Notes of a crash in the list: VS Code keeps one of several that say the same. */
async function told(): Promise<number> {
  await workbench.vs((vscode) => vscode.commands.executeCommand("notifications.showList"));
  return workbench.page
    .locator(".notifications-center .notification-list-item", { hasText: "the engine ended" })
    .count();
}

test("killed at rest, and the next command works", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Lens: Run Reward Model");
  await expect.poll(lowRuns).toBe(8);
  killEngine();
  await expect.poll(told).toBe(1);
  await workbench.openFile("solution.md");
  await workbench.command("Reward Lens: Run Reward Model");
  await expect.poll(lowRuns).toBe(1);
  expect(await told()).toBe(1);
});

test("killed after an edit, and the new scores come all the same", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.vs(async (vscode) => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) =>
      edit.insert(new vscode.Position(1, 0), "Step 0: That is 1 + 1 = 2 beads.\n"),
    );
  });
  const [before] = engines();
  killEngine();
  await expect.poll(lowRuns).toBeGreaterThan(0);
  await expect.poll(() => engines().filter((pid) => pid !== before).length).toBe(1);
  expect(await told()).toBe(1);
});

test("Restart Engine starts another, and every row is scored by it", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const [before] = engines();
  await workbench.command("Reward Lens: Restart Engine");
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Lens: Clear");
  await workbench.vs(async (vscode) => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) =>
      edit.insert(new vscode.Position(8, 0), editor.document.lineAt(0).text.replace("Ana", "Eva")),
    );
    await vscode.commands.executeCommand("rewardLens.runModel");
  });
  await expect.poll(() => engines().filter((pid) => pid !== before).length).toBe(1);
  await expect.poll(lowRuns).toBeGreaterThanOrEqual(8);
});
