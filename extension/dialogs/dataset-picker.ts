/** Picks a dataset: the file in the active editor, one in the workspace, a sample, or any other. */
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { askChoice, confirm, type Items, type ListChoice } from "./ask";
import { datasetEndings, isDatasetName } from "./dataset-files";
import { type Back, back, type FormPlace } from "./form";

const mostFiles = 500;
const browse = Symbol("browse");

export interface DatasetQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** The file that the list begins at. */
  readonly current?: string | undefined;
  readonly place?: FormPlace;
}

export class DatasetPicker {
  /** @param samplesFolder folder of the sample files */
  constructor(private readonly samplesFolder: string) {}

  /** Asks for a dataset and resolves to its path, after saving unsaved changes. */
  async pick({ title, placeholder, current, place }: DatasetQuestion): Promise<string | Back | undefined> {
    for (;;) {
      const active = activeDataset();
      const picked = await askChoice<vscode.Uri | typeof browse>({
        title,
        placeholder,
        place,
        items: this.#items(active),
        active: (value) => value !== browse && value.fsPath === (current ?? active?.uri.fsPath),
      });
      if (picked === undefined || picked === back) return picked;
      const uri = picked === browse ? await openDialog(title) : picked;
      const file = uri && (await savedFile(uri));
      if (file !== undefined) return file;
    }
  }

  async #items(active: vscode.TextDocument | undefined): Promise<Items<vscode.Uri | typeof browse>> {
    const found = await workspaceFiles();
    const others = found.filter(({ fsPath }) => fsPath !== active?.uri.fsPath);
    return [
      ...(active ? [separator("active editor"), item(active.uri)] : []),
      ...(others.length > 0 ? [separator("workspace"), ...others.map(item)] : []),
      separator("others"),
      {
        ...item(vscode.Uri.file(join(this.samplesFolder, "pairs.jsonl"))),
        description: "sample: word problems with correct and incorrect solutions",
      },
      {
        label: "$(folder-opened) Browse…",
        detail: "JSON Lines, JSON, Parquet, CSV or TSV, optionally gzipped",
        value: browse,
      },
    ];
  }
}

/** The document in the active editor if it may be a dataset. */
export function activeDataset(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return undefined;
  // An untitled document has no file name to judge by.
  const isDataset = document.isUntitled
    ? /^jsonl?$/.test(document.languageId)
    : document.uri.scheme === "file" && isDatasetName(document.fileName);
  return isDataset ? document : undefined;
}

/**
 * Path of a file with the editor's content: unsaved changes are saved if the user agrees. undefined if the user does
 * not agree, or an untitled document was not saved to a file.
 */
export async function savedFile(uri: vscode.Uri): Promise<string | undefined> {
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (!document?.isDirty && !document?.isUntitled) return uri.fsPath;
  const name = basename(document.fileName);
  const isWanted = await confirm(name, "It has unsaved changes", "Save", "Only saved changes are read.");
  return isWanted ? (await vscode.workspace.save(document.uri))?.fsPath : undefined;
}

async function workspaceFiles(): Promise<vscode.Uri[]> {
  const pattern = `**/*.{${datasetEndings.join(",")}}`;
  const skipped = "**/{node_modules,checkpoints,goal_states,.*}/**";
  const files = await vscode.workspace.findFiles(pattern, skipped, mostFiles);
  return files
    .filter(({ scheme, fsPath }) => scheme === "file" && isDatasetName(fsPath))
    .sort((a, b) => a.fsPath.localeCompare(b.fsPath));
}

async function openDialog(title: string): Promise<vscode.Uri | undefined> {
  const files = await vscode.window.showOpenDialog({ title, filters: { Datasets: [...datasetEndings] } });
  return files?.[0];
}

function item(uri: vscode.Uri): ListChoice<vscode.Uri> {
  const folder = dirname(vscode.workspace.asRelativePath(uri));
  return {
    label: `$(file) ${basename(uri.fsPath)}`,
    description: folder === "." ? "" : folder,
    value: uri,
  };
}

function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
