/** Opens a workbench with an installed VSIX, as a user would: without development mode and without the bridge. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { inject } from "vitest";
import { runCommand } from "../../../build/workbench/command";
import { environment, folderFlags, startServer } from "../../../build/workbench/server";
import { launchBrowser } from "./browser";

export interface InstalledWorkbench {
  readonly page: Page;
  stop(): Promise<void>;
}

/** @param file path in `workspace` that the workbench opens */
export async function openInstalled(
  vsix: string,
  workspace: string,
  file: string,
): Promise<InstalledWorkbench> {
  const workbench = inject("workbench");
  if ("missing" in workbench) throw new Error(workbench.missing);
  const root = await mkdtemp(join(tmpdir(), "reward-inspector-installed-"));
  const { PATH = "", HOME = "", XDG_DATA_HOME = "", XDG_CONFIG_HOME = "" } = environment(root);
  await runCommand(workbench.node, [workbench.entry, ...folderFlags(root), "--install-extension", vsix], {
    cwd: root,
    env: { PATH, HOME, XDG_DATA_HOME, XDG_CONFIG_HOME, EXTENSIONS_GALLERY: "{}" },
    remedy: "the VSIX could not be installed",
  });
  const server = await startServer(workbench, { root, workspace, file });
  const browser = await launchBrowser(inject("chromium"));
  const stop = async () => {
    await browser.close();
    await server.stop();
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
    await page.goto(server.url, { waitUntil: "commit", timeout: 60_000 });
    await page.locator(".monaco-workbench .part.editor").waitFor({ timeout: 60_000 });
    return { page, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
