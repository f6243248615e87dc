/** The Goal States view: those of the active model, the one in use marked. */
import { join } from "node:path";
import * as vscode from "vscode";
import { askChoice } from "../dialogs/ask";
import { back } from "../dialogs/form";
import { InputError, messageOf } from "../engine/errors";
import { readSafetensors } from "../engine/model-folder/safetensors";
import type { ActiveModel } from "../platform/active-model";
import type { Preferences } from "../platform/preferences";
import { goalFacts } from "../reports/model-labels";
import { factsTooltip } from "./models-view";

/** What commands on a goal state are given. */
export interface GoalNode {
  readonly kind: "goal";
  readonly name: string;
  readonly file: string;
  readonly isSelected: boolean;
}

interface ProblemNode {
  readonly kind: "problem";
  readonly error: unknown;
}

type Node = GoalNode | ProblemNode;

export class GoalStatesView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    private readonly active: ActiveModel,
    private readonly preferences: Preferences,
  ) {
    this.#view = vscode.window.createTreeView("rewardInspector.goalStates", { treeDataProvider: this });
    this.#listeners = [
      active.onDidChange(() => this.#changed.fire()),
      preferences.onDidChange((names) => {
        if (names.includes("goalState")) this.#changed.fire();
      }),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return [];
    this.#view.description = this.active.name;
    try {
      return await this.#goals();
    } catch (error) {
      return [{ kind: "problem", error }];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === "goal" ? goalItem(node) : problemItem(node);
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (node.kind === "goal")
      item.tooltip = await readSafetensors(node.file).then(
        ({ metadata }) => factsTooltip([...goalFacts(metadata), ["File", node.file]]),
        (error: unknown) => new vscode.MarkdownString().appendText(messageOf(error)),
      );
    return item;
  }

  /** Lets the user choose what Q-values are measured against. Throws InputError where the model cannot be opened. */
  async select(): Promise<void> {
    const goals = await this.#goals();
    if (goals.length === 0) return this.#tellNone();
    const selected = await askChoice<string>({
      title: `Select Goal State of ${this.active.name}`,
      placeholder: "Q is the cosine of a token's hidden state with it",
      items: goals.map(({ name, isSelected }) => ({
        label: isSelected ? `$(circle-filled) ${name}` : `$(circle-outline) ${name}`,
        value: name,
      })),
      active: (name) => goals.some((goal) => goal.name === name && goal.isSelected),
    });
    if (selected !== undefined && selected !== back) await this.use(selected);
  }

  async use(goalState: string): Promise<void> {
    await this.preferences.choose({ goalState });
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  async #goals(): Promise<GoalNode[]> {
    const { goalStates, folder } = await this.active.inspect();
    const selected = this.active.goalOf(goalStates);
    return goalStates.map((name) => ({
      kind: "goal",
      name,
      file: join(folder, "goal_states", `${name}.safetensors`),
      isSelected: name === selected,
    }));
  }

  async #tellNone(): Promise<void> {
    const compute = "Compute One…";
    const answer = await vscode.window.showInformationMessage(
      `Reward Inspector: ${this.active.name} has no goal state yet, so it gives no Q-values.`,
      compute,
    );
    if (answer === compute) await vscode.commands.executeCommand("rewardInspector.computeGoal");
  }
}

function goalItem(node: GoalNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.name);
  const description = node.isSelected ? "in use" : "";
  item.id = node.file;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(node.isSelected ? "circle-filled" : "circle-outline");
  item.contextValue = node.isSelected ? "goal selected" : "goal";
  item.accessibilityInformation = { label: `Goal state ${node.name}${node.isSelected ? ", in use" : ""}` };
  item.command = { command: "rewardInspector.useGoal", title: "Use This Goal State", arguments: [node] };
  return item;
}

/** The line is narrow: the place stands in its tooltip. */
function problemItem({ error }: ProblemNode): vscode.TreeItem {
  const item = new vscode.TreeItem(error instanceof InputError ? error.problem : messageOf(error));
  item.iconPath = new vscode.ThemeIcon("error");
  item.tooltip = messageOf(error);
  return item;
}
