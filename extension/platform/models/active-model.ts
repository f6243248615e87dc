/** The model that documents are scored with. */
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { Inspection, ModelRequest } from "../../protocol/models";
import { scoreSettings } from "../../scores/request-key";
import type { EngineHost } from "../engine/engine-host";
import type { Preferences } from "../settings/preferences";
import { readSetting } from "../settings/settings";
import { ModelFiles } from "./model-files";
import { modelPath } from "./model-path";

export class ActiveModel implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires if the model, its files or its settings change: scores may be outdated. */
  readonly onDidChange = this.#changed.event;
  readonly #listeners: vscode.Disposable[];
  #resolved: { readonly chosen: string; readonly model: string } | undefined;
  readonly #inspections = new Map<string, Promise<Inspection>>();
  readonly #files = new ModelFiles();

  /** @param defaultFolder folder of the default model */
  constructor(
    private readonly engine: EngineHost,
    private readonly preferences: Preferences,
    readonly defaultFolder: string,
  ) {
    this.#listeners = [
      this.#files,
      this.#files.onDidChange(() => this.refresh()),
      preferences.onDidChange((names) => {
        if (scoreSettings.some((name) => names.includes(name))) this.refresh();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#resolved = undefined;
      }),
    ];
  }

  /** Folder of the model, or its name in the Hugging Face cache. */
  get model(): string {
    const { model } = this.preferences.chosen;
    // Cached, because it is read on every keystroke and looking at the disk is slow.
    if (this.#resolved?.chosen !== model)
      this.#resolved = { chosen: model, model: absoluteModel(model) || this.defaultFolder };
    return this.#resolved.model;
  }

  get name(): string {
    return modelName(this.model, this.defaultFolder);
  }

  request(model = this.model): Required<Pick<ModelRequest, (typeof scoreSettings)[number]>> {
    return {
      model,
      device: readSetting("device"),
      maxLength: readSetting("maxLength"),
      chat: readSetting("chat"),
    };
  }

  /** Inspects a model once, and watches its files from then on. Rejects with InputError if it cannot be opened. */
  inspect(model = this.model): Promise<Inspection> {
    const known = this.#inspections.get(model) ?? this.engine.client.inspect(this.request(model));
    this.#inspections.set(model, known);
    known.then(
      ({ folder, adapter }) => {
        if (model === this.model) this.#files.watch([folder, ...(adapter ? [adapter.base] : [])]);
      },
      () => {
        if (this.#inspections.get(model) === known) this.#inspections.delete(model);
      },
    );
    return known;
  }

  /** The chosen goal state if the model has it, or else its first; undefined if it has none. */
  goalOf(goals: readonly string[]): string | undefined {
    const { goalState } = this.preferences.chosen;
    return goals.includes(goalState) ? goalState : goals[0];
  }

  /** The chosen goal state if these do not include it, so that Q-values use another; otherwise undefined. */
  lackedGoal(goals: readonly string[]): string | undefined {
    const { goalState } = this.preferences.chosen;
    return goalState === "" || goals.includes(goalState) ? undefined : goalState;
  }

  /** Forgets what is known about models, because their files have changed. */
  refresh(): void {
    this.#inspections.clear();
    this.#resolved = undefined;
    this.#changed.fire();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }
}

/** The name that is shown for a model. */
export function modelName(model: string, defaultFolder: string): string {
  if (model === defaultFolder) return "default";
  // A run's model is in `<run>/model`.
  return basename(model) === "model" ? basename(join(model, "..")) : basename(model);
}

/** The folder or name that a setting stands for; empty if the setting is empty. */
export function absoluteModel(written: string): string {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  return modelPath(written, {
    workspaceFolders: folders.map(({ uri }) => uri.fsPath),
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  });
}
