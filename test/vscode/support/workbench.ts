/** Opens a real VS Code with the extension under development, with one server and one page per test file. */
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
  /** Content of the workspace files by path, or a folder to copy. The default is the samples of the fixture model. */
  readonly workspaceFiles?: Readonly<Record<string, string | Uint8Array>> | string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Color theme of the workbench, dark by default. */
  readonly theme?: Theme;
  readonly env?: Readonly<Record<string, string>>;
  /** Enables workspace trust, so that the folder is untrusted at first. The default is false. */
  readonly trust?: boolean;
  /** Folder of the extension. The default is this build with the fixture model. */
  readonly extension?: string;
}

export interface OpenWorkbench {
  readonly page: Page;
  readonly vs: Vs;
  /** Folder of the workspace, a new copy that `stop` deletes. */
  readonly workspace: string;
  /** Errors that the extension host logged to its console. */
  readonly hostErrors: readonly string[];
  /** Process id of the server, the ancestor of the engine. */
  readonly serverPid: number;
  /** Executes a command by its title from the palette. */
  command(title: string): Promise<void>;
  /** @param path path within the workspace */
  openFile(path: string): Promise<void>;
  screenshot(name: string): Promise<string>;
  /** Returns the content of the visible webview, or of the `nth` one (from 0) if there are several. */
  webview(nth?: number): FrameLocator;
  /** Reloads the window and thereby restarts the extension host. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Returns the folder of the workbench's default model. */
export function defaultModel(): string {
  return fixtureModelIn(inject("extension"));
}

/** Returns the reason for `skip` if the workbench is missing, otherwise undefined. */
export function missingWorkbench(): string | undefined {
  const workbench = inject("workbench");
  return "missing" in workbench ? workbench.missing : undefined;
}

/** @throws Error if the workbench is missing, so check `missingWorkbench` first */
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
        // The bridge of the old host must not receive the calls for the new one.
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

/** Exposes the two functions that an extension host under test calls in the page. */
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
