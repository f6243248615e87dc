/** The training runs that the editor knows: those in `runs` folders of the workspace, and those that it started. */

import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import type { RewardEngine } from "../../protocol/engine";
import type { MetricsRow } from "../../protocol/metrics";
import type { BrokenRun, ListedRun } from "../../protocol/runs";

const rememberedKey = "runFolders";
/** Milliseconds between updates while files change. */
const pace = 1000;

export class KnownRuns implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires if runs or their metrics have changed, at most once per second. */
  readonly onDidChange = this.#changed.event;
  /** Newest metrics row of each run that this window trains, by folder. */
  readonly #last = new Map<string, MetricsRow>();
  #watchers: readonly vscode.Disposable[] = [];
  readonly #listeners: readonly vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param engine reads the folders of runs
   * @param memory memory that all windows share
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

  /** Default parent folder of new runs. */
  get root(): string {
    return this.#workspaceRoots[0] ?? join(this.storage, "runs");
  }

  /** Lists runs with the newest first, without runs whose folder no longer exists. */
  async list(): Promise<(ListedRun | BrokenRun)[]> {
    const own = join(this.storage, "runs");
    const known = [...this.#workspaceRoots, own];
    const others = this.#remembered.filter((folder) => !known.includes(dirname(folder)));
    const roots = vscode.workspace.isTrusted ? known : [own];
    const folders = await existing([...roots, ...others]);
    // Without folders there are no runs, and the engine need not start.
    const runs = folders.length === 0 ? [] : await this.engine.client.listRuns({ folders });
    return runs.map((run) => this.#current(run));
  }

  /** Lists a run from now on, in whichever folder it is. Call it when the run starts or resumes. */
  async begin(folder: string): Promise<void> {
    // The row belongs to an earlier run in this folder, or to a step that will be repeated.
    this.#last.delete(folder);
    const folders = [...this.#remembered.filter((known) => known !== folder), folder];
    await this.memory.update(rememberedKey, folders);
    this.refresh();
  }

  /** Records a metrics row of a run that this window trains. */
  follow(folder: string, row: MetricsRow): void {
    this.#last.set(folder, row);
    this.refresh();
  }

  /** Fires `onDidChange` within a second. */
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

  /** Adds the last metrics row that was received, which may be newer than those on disk. */
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
