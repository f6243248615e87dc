/** The Runs view lists training runs with their progress, and their metrics under them. */
import { join } from "node:path";
import * as vscode from "vscode";
import type { EngineHost } from "../platform/engine/engine-host";
import { EditorProblem } from "../platform/error-wording";
import type { KnownRuns } from "../platform/models/known-runs";
import type { BrokenRun, ListedRun } from "../protocol/runs";
import {
  type MetricLine,
  metricLines,
  runDescription,
  runFacts,
  statusIcons,
  statusOf,
  statusText,
} from "./run-labels";

/** Item of a run, which its commands receive as an argument. */
export interface RunNode {
  readonly kind: "run";
  readonly folder: string;
  /** The run as it was last read. */
  run: ListedRun | BrokenRun;
}

interface MetricNode {
  readonly kind: "metric";
  readonly run: string;
  readonly line: MetricLine;
}

type Node = RunNode | MetricNode;

export class RunsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  readonly #listener: vscode.Disposable;
  /** Items of runs that are shown now. */
  #shown: readonly RunNode[] = [];

  constructor(
    private readonly engine: EngineHost,
    private readonly runs: KnownRuns,
  ) {
    this.#view = vscode.window.createTreeView("rewardInspector.runs", { treeDataProvider: this });
    this.#listener = runs.onDidChange(() => void this.#refresh());
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      const runs = await this.runs.list();
      this.#shown = runs.map((run) => ({ kind: "run", folder: run.folder, run }));
      return [...this.#shown];
    }
    if (node.kind === "metric" || !("record" in node.run)) return [];
    const rows = await this.engine.client.readMetrics({ folder: node.folder });
    const lines = metricLines(node.run.record, rows);
    return lines.map((line) => ({ kind: "metric", run: node.folder, line }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === "run" ? runItem(node) : metricItem(node);
  }

  getParent(): undefined {
    return undefined;
  }

  /** Shows a run in the view; does nothing if it is not listed. */
  async reveal(folder: string): Promise<void> {
    const node = (await this.getChildren()).find((one) => one.kind === "run" && one.folder === folder);
    if (node) await this.#view.reveal(node, { focus: true, expand: true });
  }

  /**
   * Refreshes only the items of runs that changed. When a whole tree is refreshed, VS Code forgets its items until it
   * has read them again, and a button clicked in between gets no run. During training this would happen every second.
   */
  async #refresh(): Promise<void> {
    const runs = await this.runs.list().catch(() => undefined);
    const shown = this.#shown;
    // Reading the tree again shows the error.
    if (!runs) {
      this.#changed.fire(undefined);
      return;
    }
    if (runs.length !== shown.length || runs.some(({ folder }, i) => folder !== shown[i]?.folder)) {
      this.#changed.fire(undefined);
      return;
    }
    const changed = shown.filter((node, i) => {
      const run = runs[i] ?? node.run;
      const isChanged = JSON.stringify(run) !== JSON.stringify(node.run);
      node.run = run;
      return isChanged;
    });
    if (changed.length > 0) this.#changed.fire(changed);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }
}

/** Opens the card of a run's model. Throws if it is not written yet. @param model folder of the model, if written */
export async function openModelCard(model: string | undefined): Promise<void> {
  if (model === undefined)
    throw new EditorProblem(
      "this run has no model card yet; it is written with the model when the run ends",
      [],
    );
  await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.file(join(model, "README.md")));
}

function runItem({ run, folder }: RunNode): vscode.TreeItem {
  const name = "record" in run ? run.record.name : folder;
  const status = statusOf(run);
  const description = runDescription(run);
  const item = new vscode.TreeItem(
    name,
    "record" in run ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = folder;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(statusIcons[status]);
  item.contextValue = `run ${status}`;
  item.tooltip = tooltip(run);
  item.accessibilityInformation = { label: `Training run ${name}, ${statusText(run)}: ${description}` };
  return item;
}

function metricItem({ run, line }: MetricNode): vscode.TreeItem {
  const item = new vscode.TreeItem(line.label);
  item.id = `${run}\n${line.label}`;
  item.description = line.value;
  item.accessibilityInformation = { label: `${line.label}: ${line.value}` };
  return item;
}

function tooltip(run: ListedRun | BrokenRun): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if (!("record" in run)) return text.appendText(run.problem);
  for (const [name, value] of runFacts(run)) text.appendMarkdown(`**${name}** `).appendText(`${value}\n\n`);
  return text;
}
