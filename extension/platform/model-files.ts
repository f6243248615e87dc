/** Notices that the files of a model change: weights put in place of others, a goal state added from a terminal. */
import { join } from "node:path";
import * as vscode from "vscode";
import { goalFolder } from "../protocol/goals";
import type { Clock } from "../scores/scheduler";
import { systemClock } from "./clock";

/** Milliseconds without another change: weights are written for seconds. */
const pause = 500;

export class ModelFiles implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #folders = "";
  #watchers: readonly vscode.Disposable[] = [];
  #cancel: () => void = () => undefined;

  constructor(private readonly clock: Clock = systemClock) {}

  /** Watches these folders, with the goal states in them, in place of those before. */
  watch(folders: readonly string[]): void {
    const wanted = folders.join("\n");
    if (wanted === this.#folders) return;
    this.#folders = wanted;
    this.#stop();
    this.#watchers = folders
      .flatMap((folder) => [folder, join(folder, goalFolder)])
      .flatMap((folder) => this.#watcher(folder));
  }

  dispose(): void {
    this.#stop();
    this.#cancel();
    this.#changed.dispose();
  }

  #watcher(folder: string): vscode.Disposable[] {
    // Without `**` only the folder itself is watched, wherever it is.
    const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), "*");
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const ask = (): void => this.#ask();
    return [watcher, watcher.onDidCreate(ask), watcher.onDidChange(ask), watcher.onDidDelete(ask)];
  }

  #ask(): void {
    this.#cancel();
    this.#cancel = this.clock.after(pause, () => this.#changed.fire());
  }

  #stop(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = [];
  }
}
