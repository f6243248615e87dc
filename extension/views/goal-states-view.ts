/** The Goal States view lists the goal states of the active model and marks the one in use. */
import * as vscode from "vscode";
import { askChoice } from "../dialogs/ask";
import { back } from "../dialogs/form";
import type { EngineHost } from "../platform/engine/engine-host";
import { errorText, problemText } from "../platform/error-wording";
import type { ActiveModel } from "../platform/models/active-model";
import type { Preferences } from "../platform/settings/preferences";
import type { StoredGoal } from "../protocol/goals";
import { goalFacts } from "../reports/model-labels";
import { factsTooltip } from "./models-view";

/** Item of a goal state, which its commands receive as an argument. */
export interface GoalNode {
  readonly kind: "goal";
  readonly name: string;
  readonly goal: StoredGoal;
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
    private readonly engine: EngineHost,
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

  /** Lets the user choose the goal state for Q-values. Throws InputError if the model cannot be opened. */
  async select(): Promise<void> {
    const goals = await this.#goals();
    if (goals.length === 0) return this.#tellNone();
    const selected = await askChoice<string>({
      title: `Select Goal State of ${this.active.name}`,
      placeholder: "Q is the cosine of a token's hidden state with the goal state",
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
    const { model } = this.active;
    const goals = await this.engine.client.listGoals({ model });
    const selected = this.active.goalOf(goals.map(({ name }) => name));
    return goals.map((goal) => ({ kind: "goal", name: goal.name, goal, isSelected: goal.name === selected }));
  }

  async #tellNone(): Promise<void> {
    const compute = "Compute One…";
    const answer = await vscode.window.showInformationMessage(
      `Reward Inspector: ${this.active.name} has no goal state yet, so it has no Q-values.`,
      compute,
    );
    if (answer === compute) await vscode.commands.executeCommand("rewardInspector.computeGoal");
  }
}

function goalItem(node: GoalNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.name);
  const description = node.isSelected ? "in use" : "";
  item.id = node.goal.file;
  item.tooltip = goalTooltip(node.goal);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(node.isSelected ? "circle-filled" : "circle-outline");
  item.contextValue = node.isSelected ? "goal selected" : "goal";
  item.accessibilityInformation = { label: `Goal state ${node.name}${node.isSelected ? ", in use" : ""}` };
  item.command = { command: "rewardInspector.useGoal", title: "Use This Goal State", arguments: [node] };
  return item;
}

function goalTooltip({ provenance, file, problem }: StoredGoal): vscode.MarkdownString {
  return problem === undefined
    ? factsTooltip([...goalFacts(provenance), ["File", file]])
    : new vscode.MarkdownString().appendText(problem);
}

/** Shows the error's place only in the tooltip, because the view is narrow. */
function problemItem({ error }: ProblemNode): vscode.TreeItem {
  const item = new vscode.TreeItem(problemText(error));
  item.iconPath = new vscode.ThemeIcon("error");
  item.tooltip = errorText(error);
  return item;
}
