/** Tests that the extension starts in a workbench and provides what package.json declares. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../support/fixture";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

const manifest: Manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const id = `${manifest.publisher}.${manifest.name}`;
const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing === undefined) workbench = await openWorkbench();
});

afterAll(() => workbench?.stop());

test("the extension starts", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const isActive = await workbench.vs(async (vscode, name) => {
    const extension = vscode.extensions.getExtension(name);
    await extension?.activate();
    return extension?.isActive;
  }, id);
  expect(isActive).toBe(true);
});

test("every command of package.json is registered", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const promised = manifest.contributes.commands.map(({ command }) => command);
  const registered = await workbench.vs((vscode) => vscode.commands.getCommands(true));
  expect(promised.length).toBeGreaterThan(10);
  expect(promised.filter((command) => !registered.includes(command))).toEqual([]);
});

test("the samples are opened and can be scored", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.command("Reward Inspector: Open Samples");
  await workbench.page.locator('.tab.active[data-resource-name="pairs.jsonl"]').waitFor();
  await workbench.command("Reward Inspector: Run Reward Model");
  await workbench.page
    .locator(".codelens-decoration", { hasText: /margin [+−]/ })
    .first()
    .waitFor();
});

test("the log has an output channel", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.command("Reward Inspector: Show Engine Log");
  await workbench.page.locator(".panel .composite.title", { hasText: "Output" }).waitFor();
  await expect
    .poll(() => workbench.page.locator(".panel .monaco-select-box").first().inputValue())
    .toContain("Reward Inspector");
});

test("the extension host reports no error of the extension", ({ skip }) => {
  skip(missing !== undefined, missing);
  expect(workbench.hostErrors.filter((error) => error.includes(manifest.name))).toEqual([]);
});
