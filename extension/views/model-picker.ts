/** Picks the reward model, from those known or from a folder. */
import * as vscode from "vscode";
import type { ActiveModel } from "../editor/active-model";
import type { Preferences } from "../editor/preferences";
import { InputError, messageOf } from "../engine/errors";
import { askChoice, type Items } from "./ask";
import { type Back, back, type FormPlace } from "./form";
import type { KnownModels } from "./known-models";
import { type KnownModel, originWords } from "./model-labels";

const browse = Symbol("browse");

export interface ModelQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** The model that the list begins at. */
  readonly current: string;
  readonly place?: FormPlace;
}

export class ModelPicker {
  constructor(
    private readonly models: KnownModels,
    private readonly active: ActiveModel,
    private readonly preferences: Preferences,
  ) {}

  /** Picks the active model. */
  async select(): Promise<void> {
    const picked = await this.pick({
      title: "Select Reward Model",
      placeholder: "Documents are scored with it",
      current: this.active.model,
    });
    if (picked !== undefined && picked !== back) await this.use(picked);
  }

  /** Makes a model the active one. Throws InputError where it cannot be opened. */
  async use(model: string): Promise<void> {
    await this.active.inspect(model);
    await this.preferences.choose({ model: model === this.active.defaultFolder ? "" : model });
  }

  /** A model that can be opened; a folder that was browsed to is added to those known. */
  async pick({ title, placeholder, current, place }: ModelQuestion): Promise<string | Back | undefined> {
    for (;;) {
      const picked = await askChoice<string | typeof browse>({
        title,
        placeholder,
        place,
        items: this.models.list().then((models) => this.#items(models)),
        active: (value) => value === current,
        check: async (value) => (value === browse ? undefined : this.#problemOf(value)),
      });
      if (picked !== browse) return picked;
      const folder = await this.#browse();
      if (folder !== undefined) return folder;
    }
  }

  /** Asks for a folder until one is a model; undefined: the user gave up. */
  async #browse(): Promise<string | undefined> {
    for (;;) {
      const [uri] =
        (await vscode.window.showOpenDialog({
          title: "Folder of a reward model",
          openLabel: "Use This Model",
          canSelectFiles: false,
          canSelectFolders: true,
        })) ?? [];
      if (!uri) return undefined;
      const problem = await this.#problemOf(uri.fsPath);
      if (problem === undefined) {
        await this.models.add(uri.fsPath);
        return uri.fsPath;
      }
      const again = "Choose Another Folder…";
      const answer = await vscode.window.showErrorMessage(`Reward Lens: ${problem}`, { modal: true }, again);
      if (answer !== again) return undefined;
    }
  }

  /** Adds a folder without using it. */
  async addFolder(): Promise<void> {
    await this.#browse();
  }

  async #problemOf(model: string): Promise<string | undefined> {
    return this.active.inspect(model).then(
      () => undefined,
      (error: unknown) => (error instanceof InputError ? error.problem : messageOf(error)),
    );
  }

  #items(models: readonly KnownModel[]): Items<string | typeof browse> {
    return [
      ...models.map(({ name, model, origin }) => ({
        label: model === this.active.model ? `$(circle-filled) ${name}` : `$(circle-outline) ${name}`,
        description: model === this.active.model ? `active · ${originWords[origin]}` : originWords[origin],
        detail: model,
        value: model,
      })),
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      {
        label: "$(folder-opened) Browse…",
        detail: "A folder with config.json, tokenizer.json and model.safetensors",
        value: browse,
      },
    ];
  }
}
