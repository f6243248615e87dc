/** Tests an engine that can't start: the user sees why, it isn't restarted again and again, and a repair helps. */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { root } from "../support/fixture";
import { samples } from "./support/fixture-model";
import { decorations } from "./support/ui";
import { note } from "./support/views";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;
let folder: string;
let engineFile: string;
let starts: string;

beforeAll(async () => {
  if (missing !== undefined) return;
  folder = await mkdtemp(join(tmpdir(), "reward-inspector-broken-"));
  const extension = join(folder, "extension");
  await mkdir(extension);
  const whole = inject("extension");
  for (const name of ["package.json", "media", "models", "node_modules"])
    await symlink(join(whole, name), join(extension, name));
  await cp(join(whole, "dist"), join(extension, "dist"), { recursive: true });
  engineFile = join(extension, "dist", "engine.js");
  starts = join(folder, "starts");
  await rm(engineFile);
  const pairs = await readFile(join(samples, "pairs.jsonl"), "utf8");
  workbench = await openWorkbench({ extension, workspaceFiles: { "pairs.jsonl": pairs.repeat(40) } });
});

afterAll(async () => {
  await workbench?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const call = (id: string): Promise<unknown> =>
  workbench.vs((vscode, command) => vscode.commands.executeCommand(command), id);

const notes = () => workbench.page.locator(".notifications-center .notification-list-item");

const told = (text: string): Promise<unknown> => note(workbench, text);

/** Counts how often the engine was started. */
const startCount = async (): Promise<number> =>
  (await readFile(starts, "utf8").catch(() => "")).split("\n").length - 1;

test("a missing engine is reported", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("pairs.jsonl");
  await call("rewardInspector.runModel");
  await told("the engine crashed twice during the same request (exit code 1)");
  await told("reinstall Reward Inspector");
  await workbench.screenshot("engine-missing");
});

test("an engine that dies at startup is not restarted again and again while the user scrolls", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  const log = JSON.stringify(starts);
  await writeFile(
    engineFile,
    `require("node:fs").appendFileSync(${log}, "start\\n"); process.kill(process.pid, "SIGKILL");`,
  );
  await call("notifications.clearAll");
  await call("rewardInspector.runModel");
  await told("the engine crashed twice during the same request (SIGKILL); the model may need more memory");
  const before = await startCount();
  expect(before).toBeGreaterThan(0);
  for (const line of [100, 200, 300]) {
    await workbench.vs((vscode, at) => {
      vscode.window.activeTextEditor?.revealRange(
        new vscode.Range(at, 0, at, 0),
        vscode.TextEditorRevealType.AtTop,
      );
    }, line);
    await expect
      .poll(() =>
        workbench.vs((vscode) => vscode.window.activeTextEditor?.visibleRanges[0]?.start.line ?? -9),
      )
      .toBeGreaterThanOrEqual(line - 5);
  }
  // Only a command may start another engine. By the time of its message, scrolling would have started one too.
  await call("notifications.clearAll");
  await call("rewardInspector.runModel");
  await told("the engine crashed twice during the same request");
  expect(await startCount()).toBeLessThanOrEqual(2 * before);
  expect(await notes().filter({ hasText: "is restarting" }).count()).toBe(1);
});

test("once the engine is repaired, the next command works", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await cp(join(root, "dist", "engine.js"), engineFile);
  await call("rewardInspector.runModel");
  await expect.poll(() => decorations(workbench.page).count()).toBeGreaterThan(10);
});
