/** A real VS Code with the extension under development in it: one server and one page a test file. */
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { startServer } from "../../../build/workbench/server";
import { type Theme, themes } from "../../../build/workbench/settings";
import { bridgeOver, bundleBridge, type Vs } from "./bridge";
import { launchBrowser } from "./browser";
import { fixtureModelIn, ranCommands, recordVariable } from "./extension";
import { samples } from "./fixture-model";
import { restored, runCommand, screenshot, webviewIn } from "./ui";

export interface WorkbenchOptions {
  /** Files of the workspace: content by path, or the folder that is copied. Default: the samples of the fixture model. */
  readonly workspaceFiles?: Readonly<Record<string, string | Uint8Array>> | string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Default: dark. */
  readonly theme?: Theme;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder is untrusted until the user trusts it. Default: trust is off. */
  readonly trust?: boolean;
  /** Folder of the extension. Default: this build with the fixture model. */
  readonly extension?: string;
}

export interface OpenWorkbench {
  readonly page: Page;
  readonly vs: Vs;
  /** A fresh copy, gone after `stop`. */
  readonly workspace: string;
  /** Errors of the extension host, as its console had them. */
  readonly hostErrors: readonly string[];
  /** The server's process, for what is started under it. */
  readonly serverPid: number;
  /** Runs a command by its title, from the palette. */
  command(title: string): Promise<void>;
  /** @param path within the workspace */
  openFile(path: string): Promise<void>;
  screenshot(name: string): Promise<string>;
  /** Inside of the visible webview; where several are, the `nth` from 0. */
  webview(nth?: number): FrameLocator;
  /** Reloads the window; the extension host starts anew. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of the model that the workbench has as its default. */
export function defaultModel(): string {
  return fixtureModelIn(inject("extension"));
}

/** Why there is no workbench here, for `skip`; undefined: there is one. */
export function missingWorkbench(): string | undefined {
  const workbench = inject("workbench");
  return "missing" in workbench ? workbench.missing : undefined;
}

/** @throws Error where there is no workbench: ask `missingWorkbench` first */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<OpenWorkbench> {
  const workbench = inject("workbench");
  if ("missing" in workbench) throw new Error(workbench.missing);
  const folder = await mkdtemp(join(tmpdir(), "reward-inspector-vscode-"));
  const workspace = join(folder, "workspace");
  await fillWorkspace(workspace, options.workspaceFiles ?? samples);
  const socket = join(folder, "bridge");
  const record = join(ranCommands, basename(expect.getState().testPath ?? ""));
  await appendFile(record, "");
  const server = await startServer(workbench, {
    root: folder,
    workspace,
    extension: options.extension ?? inject("extension"),
    extensionTests: await bundleBridge(folder),
    settings: { "workbench.colorTheme": themes[options.theme ?? "dark"], ...options.settings },
    env: {
      REWARD_INSPECTOR_BRIDGE: socket,
      XDG_CACHE_HOME: inject("cache"),
      [recordVariable]: record,
      ...options.env,
    },
    trust: options.trust ?? false,
  });
  const browser = await launchBrowser(inject("chromium"));
  const stop = async () => {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const context = await browser.newContext({ viewport: { width: 1400, height: 850 } });
    const page = await context.newPage();
    const hostErrors = await listen(page);
    await page.goto(server.url, { waitUntil: "commit", timeout: 60_000 });
    await restored(page);
    const vs = bridgeOver(socket);
    await vs(() => undefined);
    return {
      page,
      vs,
      workspace,
      hostErrors,
      serverPid: server.pid,
      command: (title) => runCommand(page, title),
      openFile: (path) => openFile(page, vs, join(workspace, path)),
      screenshot: (name) => screenshot(page, name),
      webview: (nth) => webviewIn(page, nth),
      reload: async () => {
        // The bridge of the host that ends must not take the calls for the next.
        await rm(socket, { force: true });
        await page.reload();
        await restored(page);
        await vs(() => undefined);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fillWorkspace(
  workspace: string,
  files: NonNullable<WorkbenchOptions["workspaceFiles"]>,
): Promise<void> {
  await mkdir(workspace, { recursive: true });
  if (typeof files === "string") await cp(files, workspace, { recursive: true });
  else {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), content);
    }
  }
}

/** The extension host, with tests in it, speaks to the page by these two. */
async function listen(page: Page): Promise<string[]> {
  const errors: string[] = [];
  await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
    if (type === "error") errors.push(args.map(String).join(" "));
  });
  await page.exposeFunction("codeAutomationExit", () => undefined);
  return errors;
}

async function openFile(page: Page, vs: Vs, path: string): Promise<void> {
  const name = await vs(async (vscode, file) => {
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
    return editor.document.fileName.split("/").at(-1) ?? "";
  }, path);
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
}
