/** Starts and stops the workbench's server with its own user data, extensions, home folder and port. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../../extension/engine/errors";
import type { Workbench } from "./install";
import { plainSettings } from "./settings";

export interface ServerOptions {
  /** Folder for user data, extensions, home and log. */
  readonly root: string;
  /** Folder that the workbench opens by default. */
  readonly workspace: string;
  /** Folder of the extension under development; undefined if only installed extensions are used. */
  readonly extension?: string;
  /** Module whose `run` the extension host calls; only with `extension`. */
  readonly extensionTests?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** File that the workbench opens on start. */
  readonly file?: string;
  /** Whether folders are untrusted until the user trusts them; false by default, which disables workspace trust. */
  readonly trust?: boolean;
}

export interface Server {
  /** Opens the workspace with the extension under development. */
  readonly url: string;
  readonly port: number;
  /** The server's process, whose process group includes the extension host and its children. */
  readonly pid: number;
  readonly log: string;
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Time limits in milliseconds. */
const startLimit = 60_000;
const stopLimit = 5_000;

/** @throws InputError with the end of the server's log if it does not start */
export async function startServer(workbench: Workbench, options: ServerOptions): Promise<Server> {
  const { root } = options;
  await writeSettings(root, options.settings ?? {}, options.trust ?? false);
  const port = await freePort();
  const log = join(root, "server.log");
  const child = await launch(workbench, options, port, log);
  const ended = endOf(child);
  endWith(child, ended);
  const stop = () => end(child, ended);
  try {
    await ready(child, port);
  } catch (error) {
    await stop();
    const tail = (await readFile(log, "utf8")).split("\n").slice(-12).join("\n");
    throw new InputError(
      log,
      `${error instanceof Error ? error.message : error}; the log ends with\n${tail}`,
    );
  }
  return { url: addressOf(port, options), port, pid: child.pid ?? 0, log, ended, stop };
}

export const extensionsFolder = (root: string): string => join(root, "extensions");

/** Flags for the server's own folders, which `--install-extension` needs too. */
export function folderFlags(root: string): string[] {
  return [
    ["--config", join(root, "config.yaml")],
    ["--user-data-dir", join(root, "user-data")],
    ["--extensions-dir", extensionsFolder(root)],
  ].flat();
}

/** The user's environment without variables of an outer VS Code, with a separate home and no extension gallery. */
export function environment(root: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const outer = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|VITEST|NODE_OPTIONS$)/.test(name));
  const home = join(root, "home");
  const own = { HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, EXTENSIONS_GALLERY: "{}" };
  return { ...Object.fromEntries(outer), ...own, ...more };
}

async function writeSettings(
  root: string,
  settings: Readonly<Record<string, unknown>>,
  trust: boolean,
): Promise<void> {
  const user = join(root, "user-data/User");
  for (const folder of [user, extensionsFolder(root), join(root, "home")]) {
    await mkdir(folder, { recursive: true });
  }
  const all = { ...plainSettings, "security.workspace.trust.enabled": trust, ...settings };
  await writeFile(join(user, "settings.json"), JSON.stringify(all, null, 2));
}

async function launch(
  workbench: Workbench,
  options: ServerOptions,
  port: number,
  log: string,
): Promise<ChildProcess> {
  const flags = [
    ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
    options.trust ? [] : ["--disable-workspace-trust"],
    // Without this option the server ignores the extension under development in the address.
    options.extension === undefined ? [] : ["--vscode-option", "enable-smoke-test-driver"],
    ["--ignore-last-opened", ...(options.args ?? [])],
  ].flat();
  const output = await open(log, "w");
  try {
    return spawn(
      workbench.node,
      [workbench.entry, ...folderFlags(options.root), ...flags, options.workspace],
      {
        stdio: ["ignore", output.fd, output.fd],
        // A separate process group, so that stopping it also stops the extension host.
        detached: true,
        env: environment(options.root, options.env),
      },
    );
  } finally {
    await output.close();
  }
}

/** Waits for the server. The page is requested too, because a healthy server may still fail to load its workbench. */
async function ready(child: ChildProcess, port: number): Promise<void> {
  const until = Date.now() + startLimit;
  let failure: unknown;
  child.once("error", (error) => {
    failure = error;
  });
  while ((await statusOf(port, "/healthz")) !== 200) {
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null) throw new Error(`the server exited with code ${child.exitCode}`);
    if (Date.now() > until) throw new Error(`the server did not respond within ${startLimit / 1000} s`);
    await sleep(100);
  }
  const status = await statusOf(port, "/?ew=true");
  if (status !== 200) throw new Error(`the workbench's page returned status ${status}`);
}

/** @returns the HTTP status; 0 if there is no response */
async function statusOf(port: number, path: string): Promise<number> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

function addressOf(port: number, { workspace, extension, extensionTests, file }: ServerOptions): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload: [string, string][] = [["skipWelcome", "true"]];
  if (extension !== undefined) payload.push(["extensionDevelopmentPath", remote(extension)]);
  if (extensionTests !== undefined) payload.push(["extensionTestsPath", remote(extensionTests)]);
  if (file !== undefined) payload.push(["openFile", remote(file)]);
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${port}/?${query}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve()).once("error", () => resolve());
  });
}

/** Kills the server if this process exits first. */
function endWith(child: ChildProcess, ended: Promise<void>): void {
  const kill = () => signal(child, "SIGKILL");
  process.once("exit", kill);
  void ended.then(() => process.off("exit", kill));
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  signal(child, "SIGTERM");
  await Promise.race([ended, sleep(stopLimit, undefined, { ref: false })]);
  signal(child, "SIGKILL");
  await ended;
}

/** Signals the whole process group, if it still exists. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name);
  } catch {
    // The process has already exited.
  }
}
