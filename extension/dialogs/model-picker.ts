/** Picks a reward model from the known ones or from a folder. */
import * as vscode from "vscode";
import { InputError } from "../engine/errors";
import { problemText } from "../platform/error-wording";
import type { ActiveModel } from "../platform/models/active-model";
import type { KnownModels } from "../platform/models/known-models";
import type { Preferences } from "../platform/settings/preferences";
import { type KnownModel, originWords } from "../reports/model-labels";
import { askChoice, type Items, problemLines } from "./ask";
import { type Back, back, type FormPlace } from "./form";

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

  /** Lets the user choose the active model. */
  async select(): Promise<void> {
    const picked = await this.pick({
      title: "Select Reward Model",
      placeholder: "Choose the model that scores documents",
      current: this.active.model,
    });
    if (picked !== undefined && picked !== back) await this.use(picked);
  }

  /** Makes a model the active one. Throws InputError if it cannot be opened. */
  async use(model: string): Promise<void> {
    await this.active.inspect(model);
    await this.preferences.choose({ model: model === this.active.defaultFolder ? "" : model });
  }

  /** Asks for a model that can be opened. A folder that the user browses to is added to the known ones. */
  async pick({ title, placeholder, current, place }: ModelQuestion): Promise<string | Back | undefined> {
    let refused: vscode.QuickPickItem[] = [];
    for (;;) {
      const picked = await askChoice<string | typeof browse>({
        title,
        placeholder,
        place,
        items: this.models.list().then((models) => [...refused, ...this.#items(models)]),
        active: (value) => value === current,
        check: async (value) => (value === browse ? undefined : this.#problemOf(value)),
      });
      if (picked !== browse) return picked;
      const folder = await askFolder("Use This Model");
      if (folder === undefined) continue;
      const problem = await this.#added(folder);
      if (problem === undefined) return folder;
      refused = problemLines(folder, problem);
    }
  }

  /** Adds a folder without using it. Throws InputError if it does not contain a model that can be opened. */
  async addFolder(): Promise<void> {
    const folder = await askFolder("Add This Model");
    const problem = folder === undefined ? undefined : await this.#added(folder);
    if (folder !== undefined && problem !== undefined) throw new InputError(folder, problem);
  }

  /** Adds a folder, or resolves to what is wrong with it. */
  async #added(folder: string): Promise<string | undefined> {
    const problem = await this.#problemOf(folder);
    if (problem === undefined) await this.models.add(folder);
    return problem;
  }

  async #problemOf(model: string): Promise<string | undefined> {
    return this.active.inspect(model).then(() => undefined, problemText);
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

async function askFolder(openLabel: string): Promise<string | undefined> {
  const folders = await vscode.window.showOpenDialog({
    title: "Folder of a reward model",
    openLabel,
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return folders?.[0]?.fsPath;
}
