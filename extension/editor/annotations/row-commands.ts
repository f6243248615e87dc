/** Commands that lenses, hovers and quick fixes link to; extension/commands registers them. */
import type * as vscode from "vscode";

export const commandIds = {
  compare: "rewardInspector.compare",
  nextLowToken: "rewardInspector.nextLowToken",
  setThreshold: "rewardInspector.setThreshold",
  selectModel: "rewardInspector.selectModel",
  showLog: "rewardInspector.showLog",
} as const;

/** Arguments of `compare`: the document's URI as text and an offset in the row. Links can only carry JSON. */
export type RowArguments = readonly [uri: string, offset: number];

export function rowArguments(document: vscode.TextDocument, offset: number): RowArguments {
  return [document.uri.toString(), offset];
}
