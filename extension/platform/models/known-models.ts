/** The models that the editor knows: the default model, added folders, trained models, and models in the workspace. */
import { dirname } from "node:path";
import * as vscode from "vscode";
import { type KnownModel, type ModelOrigin, withoutDoubles } from "../../reports/model-labels";
import type { EngineHost } from "../engine/engine-host";
import { errorText } from "../error-wording";
import { section } from "../settings/setting-values";
import { readSetting } from "../settings/settings";
import { type ActiveModel, absoluteModel, modelName } from "./active-model";
import type { KnownRuns } from "./known-runs";

/** Limit on the number of `config.json` files that are looked at. */
const mostWorkspaceModels = 50;

export class KnownModels implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #listeners: readonly vscode.Disposable[];
  /** Folders of trained models, one per line, when they were last listed. */
  #lastTrained = "";

  constructor(
    private readonly engine: EngineHost,
    private readonly active: ActiveModel,
    private readonly runs: KnownRuns,
  ) {
    const refresh = () => this.#changed.fire();
    const watcher = vscode.workspace.createFileSystemWatcher(
      "**/{config,tokenizer}.json",
      false,
      true,
      false,
    );
    this.#listeners = [
      watcher,
      watcher.onDidCreate(refresh),
      watcher.onDidDelete(refresh),
      active.onDidChange(refresh),
      // Runs change with every step, but their models do not.
      runs.onDidChange(() => void this.#lookForTrained()),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${section}.modelFolders`)) refresh();
      }),
    ];
  }

  async list(): Promise<KnownModel[]> {
    const { defaultFolder, model } = this.active;
    const known = (folder: string, origin: ModelOrigin): KnownModel => ({
      name: modelName(folder, defaultFolder),
      model: folder,
      origin,
    });
    const models = withoutDoubles([
      known(defaultFolder, "default"),
      ...readSetting("modelFolders").map((folder) => known(absoluteModel(folder), "added")),
      ...(await this.#trained()).map((folder) => known(folder, "run")),
      ...(await this.#inWorkspace()).map((folder) => known(folder, "workspace")),
    ]);
    return models.some((one) => one.model === model) ? models : [...models, known(model, "chosen")];
  }

  /** Adds a folder to the user's setting, or to the workspace's if it has one, because that hides the user's. */
  async add(folder: string): Promise<void> {
    const folders = readSetting("modelFolders");
    if (folders.map(absoluteModel).includes(folder)) return;
    const { workspaceValue } = settings().inspect("modelFolders") ?? {};
    const { Global, Workspace } = vscode.ConfigurationTarget;
    await settings().update(
      "modelFolders",
      [...folders, folder],
      workspaceValue === undefined ? Global : Workspace,
    );
  }

  /** Removes a folder from the setting, and keeps its files. */
  async remove(folder: string): Promise<void> {
    const { globalValue, workspaceValue } = settings().inspect<string[]>("modelFolders") ?? {};
    const without = (folders: readonly string[]) => folders.filter((one) => absoluteModel(one) !== folder);
    if (globalValue)
      await settings().update("modelFolders", without(globalValue), vscode.ConfigurationTarget.Global);
    if (workspaceValue)
      await settings().update("modelFolders", without(workspaceValue), vscode.ConfigurationTarget.Workspace);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  async #lookForTrained(): Promise<void> {
    const trained = (await this.#trained()).join("\n");
    if (trained !== this.#lastTrained) this.#changed.fire();
    this.#lastTrained = trained;
  }

  async #trained(): Promise<readonly string[]> {
    const runs = await this.#orNone(this.runs.list());
    return runs.flatMap((run) => ("model" in run && run.model !== undefined ? [run.model] : []));
  }

  /** Folders of models in the workspace; none if it is not trusted. */
  async #inWorkspace(): Promise<readonly string[]> {
    if (!vscode.workspace.isTrusted) return [];
    const skipped = "**/{node_modules,checkpoints,*.partial}/**";
    const files = await vscode.workspace.findFiles("**/config.json", skipped, mostWorkspaceModels);
    const folders = files.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => dirname(fsPath));
    return folders.length === 0
      ? []
      : this.#orNone(this.engine.client.listModels({ folders: folders.sort() }));
  }

  /** Empty if the engine fails: it may fail on one of the models, and the user must be able to choose another. */
  #orNone<T>(list: Promise<readonly T[]>): Promise<readonly T[]> {
    return list.catch((error: unknown) => {
      this.engine.log.error(`Listing models: ${errorText(error)}`);
      return [];
    });
  }
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(section);
}
