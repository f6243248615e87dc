/**
 * Installs a headless VS Code: code-server, which serves VS Code's own workbench and extension host, and the Node
 * version that it requires. Both come from npm.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { InputError } from "../../extension/engine/errors";
import { runCommand } from "./command";

/** Contains VS Code 1.139.1. */
const codeServer = "4.139.1";
const node = "24.21.0";

export interface Workbench {
  readonly folder: string;
  /** The Node that the server must run on, because its native modules are built for this version. */
  readonly node: string;
  /** The script to start with Node. */
  readonly entry: string;
}

/** The installation folder: REWARD_INSPECTOR_WORKBENCH, or else a folder in the user's cache. */
export function workbenchFolder(): string {
  const { REWARD_INSPECTOR_WORKBENCH, XDG_CACHE_HOME } = process.env;
  const cache = XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return REWARD_INSPECTOR_WORKBENCH ?? join(cache, "reward-inspector", `code-server-${codeServer}`);
}

/**
 * Installs the workbench unless it is installed: up to a minute, 400 MB. The folder appears only when it is complete.
 * @param say receives the name of each step
 * @throws InputError if this is not Linux, or a step fails
 */
export async function installWorkbench(say: (step: string) => void = () => undefined): Promise<Workbench> {
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) {
    throw new InputError(
      `${process.platform} ${process.arch}`,
      "the headless workbench runs only on Linux; install VS Code with its `code` command instead",
    );
  }
  const folder = workbenchFolder();
  if (isWhole(folder)) return workbenchIn(folder);
  say(`Installing code-server ${codeServer} into ${folder} (once; about a minute, 400 MB)`);
  const temporary = `${folder}.${process.pid}.partial`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await fill(temporary, say);
    await put(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return workbenchIn(folder);
}

function workbenchIn(folder: string): Workbench {
  return {
    folder,
    node: join(folder, "node_modules", `node-linux-${process.arch}`, "bin/node"),
    entry: join(folder, "node_modules/code-server/out/node/entry.js"),
  };
}

function isWhole(folder: string): boolean {
  const { node, entry } = workbenchIn(folder);
  return existsSync(node) && existsSync(entry);
}

/** Moves the folder into place, unless another process has already installed it. */
async function put(temporary: string, folder: string): Promise<void> {
  if (!isWhole(folder)) await rm(folder, { recursive: true, force: true });
  await rename(temporary, folder).catch((error: unknown) => {
    if (!isWhole(folder)) throw error;
  });
}

async function fill(folder: string, say: (step: string) => void): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{"private":true}\n');
  say("1/4 code-server and its Node");
  const nodePackage = `node-linux-${process.arch}`;
  await install(folder, [`code-server@${codeServer}`, `${nodePackage}@${node}`]);
  const server = join(folder, "node_modules/code-server/lib/vscode");
  say("2/4 packages of VS Code");
  await install(server, ["--omit=dev"]);
  say("3/4 native modules");
  await buildNative(server, join(folder, "node_modules", nodePackage));
  say("4/4 built-in extensions");
  await install(join(server, "extensions"), ["--omit=dev"]);
  await linkScripts(server);
  await trim(server, join(folder, "node_modules", nodePackage));
  const { node: program, entry } = workbenchIn(folder);
  await runCommand(program, [entry, "--version"], {
    cwd: folder,
    remedy: "the installed server does not run here",
  });
}

/** Installs packages without their install scripts, which build modules that the server does not need. */
async function install(cwd: string, args: readonly string[]): Promise<void> {
  await runCommand(
    "npm",
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", ...args],
    {
      cwd,
      remedy: "check that npm reaches its registry and that the disk has 1 GB free, then try again",
    },
  );
}

/** Without spdlog, output channels stay empty; without the watchdog, extension hosts outlive their server. */
async function buildNative(cwd: string, nodeFolder: string): Promise<void> {
  await runCommand("npm", ["rebuild", "--loglevel=error", "@vscode/spdlog", "@vscode/native-watchdog"], {
    cwd,
    env: existsSync(join(nodeFolder, "include/node")) ? { npm_config_nodedir: nodeFolder } : {},
    remedy: "they are compiled: install g++, make and python3, then try again",
  });
}

/** Links scripts as code-server's own install script would. */
async function linkScripts(server: string): Promise<void> {
  for (const [script, link] of [
    ["code-linux.sh", "bin/remote-cli/code-server"],
    ["browser-linux.sh", "bin/helpers/browser.sh"],
  ] as const) {
    const path = join(server, link);
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    await symlink(script, path);
  }
}

/** Removes a third of the installation, which the extension does not need. */
async function trim(server: string, nodeFolder: string): Promise<void> {
  const modules = join(server, "node_modules");
  const unused = [
    ...(await inside(join(modules, "@github"), (name) => name.startsWith("copilot"))),
    ...(await inside(join(modules, "node-pty/prebuilds"), (name) => !name.startsWith("linux"))),
    ...(await inside(join(modules, "@vscode/ripgrep-universal/bin"), (name) => !name.startsWith("linux"))),
    join(server, "extensions/copilot"),
    join(nodeFolder, "include"),
    join(nodeFolder, "share"),
  ];
  for (const path of unused) await rm(path, { recursive: true, force: true });
}

async function inside(folder: string, wanted: (name: string) => boolean): Promise<string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter(wanted).map((name) => join(folder, name));
}
