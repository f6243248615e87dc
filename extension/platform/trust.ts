/** What is not done before the user trusts the workspace: opening a model or a run that lies in it. */
import * as vscode from "vscode";
import { InputError } from "../engine/errors";
import { firstInside } from "./model-places";

export const manageTrust = { command: "workbench.trust.manage", title: "Manage Workspace Trust" } as const;

/** A model, or what it is made of, lies in a workspace that is not trusted. */
export class UntrustedModel extends InputError {}

/**
 * @param name of the model or run, for the message
 * @param findPlaces real paths of what is read for it; asked only where it matters
 * @param own folder of the extension, which is trusted wherever it lies
 * @throws UntrustedModel
 */
export async function refuseUntrusted(
  name: string,
  findPlaces: () => Promise<readonly string[]>,
  own: string,
): Promise<void> {
  if (vscode.workspace.isTrusted) return;
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => uri.fsPath);
  const places = await findPlaces();
  const foreign = await without(places, own);
  const place = await firstInside(foreign, folders);
  if (place === undefined) return;
  const lies = place === name ? "lies" : `needs ${place}, which lies`;
  throw new UntrustedModel(
    name,
    `${lies} in a workspace that is not trusted; trust it (${manageTrust.title}), or select another model`,
  );
}

/** Resolves when the workspace is trusted, which may be now. */
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
