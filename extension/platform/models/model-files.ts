/** Watches the files of a model: weights may be replaced, or a goal state added, outside the editor. */
import { join } from "node:path";
import * as vscode from "vscode";
import { goalFolder } from "../../protocol/goals";
import type { Clock } from "../../scores/scheduler";
import { systemClock } from "../clock";

/** Milliseconds without a further change before one is reported, because writing weights takes seconds. */
const pause = 500;

export class ModelFiles implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #folders = "";
  #watchers: readonly vscode.Disposable[] = [];
  #cancel: () => void = () => undefined;

  constructor(private readonly clock: Clock = systemClock) {}

  /** Watches these folders and their goal states instead of the previous ones. */
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
