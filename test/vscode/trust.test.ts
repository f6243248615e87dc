/** Tests an untrusted workspace: nothing in it is loaded, the user sees why, and granting trust needs no reload. */
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { checkpoint } from "../support/fixture";
import { runRecord } from "../support/runs";
import { samples } from "./support/fixture-model";
import { pick, quickInput } from "./support/ui";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;
/** The workspace's own model; `outside` contains links and paths to it. */
let twin: string;
let outside: string;

const planted = {
  "rewardInspector.model": "./twin",
  "rewardInspector.modelFolders": ["./hidden"],
  "rewardInspector.goalState": "planted",
  "rewardInspector.device": "webgpu",
  // This setting is not a path, so it applies.
  "rewardInspector.threshold": 0.05,
};

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench({
    workspaceFiles: {
      "pairs.jsonl": await readFile(join(samples, "pairs.jsonl")),
      ".vscode/settings.json": JSON.stringify(planted),
      ...(await filesOf(checkpoint, "twin")),
    },
    settings: { "security.workspace.trust.startupPrompt": "never" },
    trust: true,
  });
  twin = join(workbench.workspace, "twin");
  outside = join(dirname(workbench.workspace), "outside");
  await mkdir(join(outside, "adapter"), { recursive: true });
  await symlink(twin, join(outside, "link"));
  await writeFile(
    join(outside, "adapter", "adapter_config.json"),
    JSON.stringify({ base_model_name_or_path: twin }),
  );
  await writeRun(join(workbench.workspace, "runs", "planted"), "/models/base");
  await writeRun(join(outside, "run"), twin);
});

afterAll(() => workbench?.stop());

async function filesOf(folder: string, at: string): Promise<Record<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [join(at, file.slice(folder.length)), await readFile(file)] as const),
    ),
  );
}

async function writeRun(folder: string, model: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "run.json"), JSON.stringify(runRecord({ model, status: "paused" })));
}

const statusItem = (text: string) => workbench.page.locator(".statusbar-item", { hasText: text });

const settings = (names: readonly string[]): Promise<unknown[]> =>
  workbench.vs(
    (vscode, wanted) => wanted.map((name) => vscode.workspace.getConfiguration().get(name)),
    names,
  );

/** Executes a command by its id, with the argument that an item of a view would pass. */
const call = (id: string, argument?: unknown): Promise<unknown> =>
  workbench.vs((vscode, [command, given]) => vscode.commands.executeCommand(command, given), [
    id,
    argument,
  ] as const);

/** Clears the notifications, starts an action, and waits for a notification with this text. */
async function told(act: () => Promise<unknown>, text: RegExp): Promise<void> {
  await call("notifications.clearAll");
  // Some commands end when their notification is closed.
  void act().catch(() => undefined);
  const notes = workbench.page.locator(".notifications-center .notification-list-item");
  await expect
    .poll(async () => {
      // The list closes when the last notification is dismissed.
      await call("notifications.showList");
      return notes.filter({ hasText: text }).count();
    })
    .toBeGreaterThan(0);
}

async function lines(title: string): Promise<string> {
  await workbench.command(title);
  await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "Browse" }).waitFor();
  return (await workbench.page.locator(".quick-input-list").textContent()) ?? "";
}

const refusal = /untrusted workspace; trust the workspace/;

test("the workspace's model, folders, goal state and device are ignored; the default model scores", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  expect(await workbench.vs((vscode) => vscode.workspace.isTrusted)).toBe(false);
  expect(await settings(Object.keys(planted))).toEqual(["", [], "", "auto", 0.05]);
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Run Reward Model");
  await statusItem("default").waitFor();
  await expect.poll(() => statusItem("CPU").count()).toBe(1);
  const listed = await lines("Reward Inspector: Select Reward Model…");
  expect(listed).toContain("comes with Reward Inspector");
  expect(listed).not.toContain("twin");
  expect(listed).not.toContain("hidden");
  await quickInput(workbench.page).press("Escape");
});

test.for([
  ["by its folder", () => twin],
  ["by an indirect path", () => join(outside, "..", "workspace", ".", "twin/")],
  ["by a link", () => join(outside, "link")],
  ["as the base of an adapter", () => join(outside, "adapter")],
] as const)("the workspace's model is refused %s", async ([, model], { skip }) => {
  skip(missing !== undefined, missing);
  await told(() => call("rewardInspector.useModel", { model: model() }), refusal);
  const dataset = join(workbench.workspace, "pairs.jsonl");
  await told(() => call("rewardInspector.evaluate", { model: model(), dataset }), refusal);
});

test("a path in user settings that points into the workspace is refused with a remedy", async ({ skip }) => {
  skip(missing !== undefined, missing);
  onTestFinished(() => setOwnModel(undefined).then(() => undefined));
  await setOwnModel("~/../workspace/twin");
  await told(() => call("rewardInspector.runModel"), refusal);
  await workbench.screenshot("trust-refused");

  await workbench.command("Reward Inspector: Select Reward Model…");
  await pick(workbench.page, "workspace/twin");
  await workbench.page.locator(".quick-input-list", { hasText: "untrusted workspace" }).waitFor();
  await workbench.screenshot("trust-picker");
  await quickInput(workbench.page).press("Escape");
  await workbench.command("Reward Inspector: Compare Under Two Models…");
  await pick(workbench.page, "workspace/twin");
  await workbench.page.locator(".quick-input-list", { hasText: "untrusted workspace" }).waitFor();
  await quickInput(workbench.page).press("Escape");
  await setOwnModel(undefined);
  await statusItem("default").waitFor();
});

const setOwnModel = (model: string | undefined): Promise<unknown> =>
  workbench.vs(
    (vscode, value) =>
      vscode.workspace
        .getConfiguration("rewardInspector")
        .update("model", value ?? undefined, vscode.ConfigurationTarget.Global),
    model,
  );

test("runs of the workspace or of its models are not resumed, but its data can be read", async ({ skip }) => {
  skip(missing !== undefined, missing);
  for (const folder of [join(workbench.workspace, "runs", "planted"), join(outside, "run")])
    await told(() => call("rewardInspector.resumeRun", { kind: "run", folder }), refusal);
  await told(() => call("rewardInspector.fineTune"), /so you must trust it first/);
  await told(() => call("rewardInspector.computeGoal"), /so you must trust it first/);

  await call("rewardInspector.evaluate", { dataset: join(workbench.workspace, "pairs.jsonl") });
  await workbench.page.locator(".tab", { hasText: "default on pairs.jsonl" }).first().waitFor();
});

test("once the workspace is trusted, all its settings apply without a reload", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const { page } = workbench;
  await call("workbench.action.closeAllEditors");
  const host = await workbench.vs(() => process.pid);
  await call("workbench.trust.manage");
  await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
  await expect.poll(() => workbench.vs((vscode) => vscode.workspace.isTrusted)).toBe(true);
  await workbench.openFile("pairs.jsonl");
  await call("rewardInspector.runModel");
  await statusItem("twin").waitFor();
  const { "rewardInspector.model": model } = planted;
  expect(await settings(["rewardInspector.model"])).toEqual([model]);
  const listed = await lines("Reward Inspector: Select Reward Model…");
  expect(listed).toContain(twin);
  await quickInput(page).press("Escape");
  await call("rewardInspector.useModel", { model: twin });
  await call("rewardInspector.evaluate", {
    model: join(outside, "link"),
    dataset: join(workbench.workspace, "pairs.jsonl"),
  });
  await page.locator(".tab", { hasText: "link on pairs.jsonl" }).first().waitFor();
  await workbench.screenshot("trust-granted");
  expect(await workbench.vs(() => process.pid)).toBe(host);
});
