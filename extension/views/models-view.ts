/** The Models view lists the known models and marks the active one. */
import * as vscode from "vscode";
import { errorText } from "../platform/error-wording";
import type { ActiveModel } from "../platform/models/active-model";
import type { KnownModels } from "../platform/models/known-models";
import { type KnownModel, modelFacts, originWords } from "../reports/model-labels";

export class ModelsView implements vscode.TreeDataProvider<KnownModel>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.Disposable;
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    private readonly models: KnownModels,
    private readonly active: ActiveModel,
  ) {
    this.#view = vscode.window.createTreeView("rewardInspector.models", { treeDataProvider: this });
    this.#listeners = [models.onDidChange(() => this.#changed.fire())];
  }

  async getChildren(node?: KnownModel): Promise<KnownModel[]> {
    return node ? [] : this.models.list();
  }

  getTreeItem(node: KnownModel): vscode.TreeItem {
    const { name, model, origin } = node;
    const isActive = model === this.active.model;
    const description = isActive ? `active · ${originWords[origin]}` : originWords[origin];
    const item = new vscode.TreeItem(name);
    item.id = model;
    item.description = description;
    item.iconPath = new vscode.ThemeIcon(isActive ? "circle-filled" : "circle-outline");
    item.contextValue = `model ${origin}${isActive ? " active" : ""}`;
    item.accessibilityInformation = { label: `Reward model ${name}, ${description}` };
    return item;
  }

  /** Adds the tooltip only when it is shown, because inspecting the model takes the engine. */
  async resolveTreeItem(item: vscode.TreeItem, { model }: KnownModel): Promise<vscode.TreeItem> {
    item.tooltip = await this.active.inspect(model).then(
      (inspection) => factsTooltip(modelFacts(inspection)),
      (error: unknown) => new vscode.MarkdownString().appendText(errorText(error)),
    );
    return item;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }
}

/** Tooltip with one line per fact, with values as plain text. */
export function factsTooltip(
  facts: readonly (readonly [name: string, text: string])[],
): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const [name, value] of facts)
    text.appendMarkdown(`**${name}** `).appendText(value).appendMarkdown("\n\n");
  return text;
}
