/** The training runs that the editor knows: those of the workspace's `runs` folder, and those it started itself. */

import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import type { RewardEngine } from "../protocol/engine";
import type { MetricsRow } from "../protocol/metrics";
import type { BrokenRun, ListedRun } from "../protocol/runs";

const rememberedKey = "runFolders";
/** Milliseconds between looks at files that change. */
const pace = 1000;

export class KnownRuns implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Runs, or what is known of them, have changed; at most once a second. */
  readonly onDidChange = this.#changed.event;
  /** The newest row of the runs that are trained here, by folder. */
  readonly #last = new Map<string, MetricsRow>();
  #watchers: readonly vscode.Disposable[] = [];
  readonly #listeners: readonly vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param engine reads the runs: the folders are the engine's
   * @param memory what is remembered over all windows
   * @param storage folder for the runs of windows without a workspace
   */
  constructor(
    private readonly engine: { readonly client: Pick<RewardEngine, "listRuns"> },
    private readonly memory: vscode.Memento,
    private readonly storage: string,
  ) {
    this.#watch();
    this.#listeners = [
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#watch()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
    ];
  }

  /** Where new runs are made, as a rule. */
  get root(): string {
    return this.#workspaceRoots[0] ?? join(this.storage, "runs");
  }

  /** The newest first. Runs whose folder is gone are left out. */
  async list(): Promise<(ListedRun | BrokenRun)[]> {
    const own = join(this.storage, "runs");
    const known = [...this.#workspaceRoots, own];
    const others = this.#remembered.filter((folder) => !known.includes(dirname(folder)));
    const roots = vscode.workspace.isTrusted ? known : [own];
    const folders = await existing([...roots, ...others]);
    // The engine is not started to learn that there is no run.
    const runs = folders.length === 0 ? [] : await this.engine.client.listRuns({ folders });
    return runs.map((run) => this.#current(run));
  }

  /** A run has begun, or goes on: it is listed from now on, wherever it is. */
  async begin(folder: string): Promise<void> {
    // Rows of a run that was here before it, or of steps that are taken again.
    this.#last.delete(folder);
    const folders = [...this.#remembered.filter((known) => known !== folder), folder];
    await this.memory.update(rememberedKey, folders);
    this.refresh();
  }

  /** Takes note of a row of a run that is trained here. */
  follow(folder: string, row: MetricsRow): void {
    this.#last.set(folder, row);
    this.refresh();
  }

  /** What is known is asked for anew, soon. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, pace);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const each of [...this.#watchers, ...this.#listeners]) each.dispose();
    this.#changed.dispose();
  }

  get #remembered(): readonly string[] {
    return this.memory.get<readonly string[]>(rememberedKey) ?? [];
  }

  get #workspaceRoots(): string[] {
    return localFolders().map((folder) => join(folder, "runs"));
  }

  /** Files may be a little behind what was told. */
  #current(run: ListedRun | BrokenRun): ListedRun | BrokenRun {
    const last = this.#last.get(run.folder);
    return "record" in run && last && last.step >= (run.last?.step ?? 0) ? { ...run, last } : run;
  }

  #watch(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = localFolders().flatMap((folder) => {
      const pattern = new vscode.RelativePattern(
        vscode.Uri.file(folder),
        "runs/*/{run.json,metrics.jsonl,run.lock}",
      );
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      const refresh = () => this.refresh();
      return [
        watcher,
        watcher.onDidCreate(refresh),
        watcher.onDidChange(refresh),
        watcher.onDidDelete(refresh),
      ];
    });
    this.refresh();
  }
}

function localFolders(): string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
}

async function existing(folders: readonly string[]): Promise<string[]> {
  const infos = await Promise.all(folders.map((folder) => stat(folder).catch(() => undefined)));
  return folders.filter((_, i) => infos[i]?.isDirectory());
}
