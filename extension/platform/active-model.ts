/** The model that documents are scored with. */
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { Inspection, ModelRequest } from "../protocol/models";
import type { EngineHost } from "./engine-host";
import { modelPath } from "./model-path";
import type { Preferences } from "./preferences";
import { readSetting } from "./settings";

export class ActiveModel implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Model, or how it is run: everything is to be scored anew. */
  readonly onDidChange = this.#changed.event;
  readonly #listeners: vscode.Disposable[];
  #resolved: { readonly chosen: string; readonly model: string } | undefined;
  readonly #inspections = new Map<string, Promise<Inspection>>();

  /** @param defaultFolder of the default model */
  constructor(
    private readonly engine: EngineHost,
    private readonly preferences: Preferences,
    readonly defaultFolder: string,
  ) {
    const matters = ["model", "device", "maxLength", "chat"] as const;
    this.#listeners = [
      preferences.onDidChange((names) => {
        if (matters.some((name) => names.includes(name))) this.refresh();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#resolved = undefined;
      }),
    ];
  }

  /** Folder, or name in the Hugging Face cache. */
  get model(): string {
    const { model } = this.preferences.chosen;
    // Asked at every key that is pressed, and a look at the disk is slow.
    if (this.#resolved?.chosen !== model)
      this.#resolved = { chosen: model, model: absoluteModel(model) || this.defaultFolder };
    return this.#resolved.model;
  }

  get name(): string {
    return modelName(this.model, this.defaultFolder);
  }

  request(model = this.model): ModelRequest {
    return {
      model,
      device: readSetting("device"),
      maxLength: readSetting("maxLength"),
      chat: readSetting("chat"),
    };
  }

  /** What the model is; asked once a model. Rejects with InputError where it cannot be opened. */
  inspect(model = this.model): Promise<Inspection> {
    const known = this.#inspections.get(model) ?? this.engine.client.inspect(this.request(model));
    this.#inspections.set(model, known);
    known.catch(() => this.#inspections.delete(model));
    return known;
  }

  /** The chosen goal state where the model has it, or its first; undefined: it has none. */
  goalOf(goals: readonly string[]): string | undefined {
    const { goalState } = this.preferences.chosen;
    return goals.includes(goalState) ? goalState : goals[0];
  }

  /** Forgets what is known of models: their files have changed. */
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

/** What a person calls a model. */
export function modelName(model: string, defaultFolder: string): string {
  if (model === defaultFolder) return "default";
  // A run's model lies in `<run>/model`.
  return basename(model) === "model" ? basename(join(model, "..")) : basename(model);
}

/** The folder or name that a setting stands for; empty if the setting is. */
export function absoluteModel(written: string): string {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  return modelPath(written, {
    workspaceFolders: folders.map(({ uri }) => uri.fsPath),
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  });
}
