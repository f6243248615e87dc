/** Workspace trust: until it is granted, no model or run in the workspace is opened. */
import * as vscode from "vscode";
import { firstInside } from "./inside";
import type { Trust } from "./trusted-engine";

/** @param own folder of the extension, which is always trusted */
export function workspaceTrust(own: string): Trust {
  return {
    get isTrusted() {
      return vscode.workspace.isTrusted;
    },
    async firstUntrusted(places) {
      const folders = (vscode.workspace.workspaceFolders ?? [])
        .filter(({ uri }) => uri.scheme === "file")
        .map(({ uri }) => uri.fsPath);
      return firstInside(await without(places, own), folders);
    },
  };
}

/** Resolves when the workspace is trusted, immediately if it already is. */
export async function trusted(): Promise<void> {
  if (vscode.workspace.isTrusted) return;
  await new Promise<void>((resolve) => {
    const listener = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      listener.dispose();
      resolve();
    });
  });
}

async function without(places: readonly string[], folder: string): Promise<string[]> {
  const found = await Promise.all(places.map((place) => firstInside([place], [folder])));
  return places.filter((_, i) => found[i] === undefined);
}
