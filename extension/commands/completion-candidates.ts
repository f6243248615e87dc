/** Lists the completions of open files to compare with. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { rewardText } from "../display/wording";
import type { Region } from "../editor/documents/regions/region";
import { entriesNear, isSmallDocument } from "../editor/scores/near-rows";
import { type RowEntry, ScoredDocument } from "../editor/scores/scored-document";
import type { ScoredDocuments } from "../editor/scores/scored-documents";
import { completionLabel } from "../panels/compare/comparison";
import type { Located } from "../panels/compare/subject";

export interface Candidate extends vscode.QuickPickItem {
  readonly at: Located;
}

/** Characters of a completion that the list shows. */
const longestDetail = 200;

/** Files in open tabs, except `apart`, that are scored or contain rows; other text files are not included. */
export async function openFiles(
  documents: ScoredDocuments,
  apart: vscode.TextDocument,
): Promise<ScoredDocument[]> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input));
  const uris = new Set(tabs.map((input) => (input instanceof vscode.TabInputText ? `${input.uri}` : "")));
  const open = vscode.workspace.textDocuments.filter(
    (document) => document !== apart && uris.has(document.uri.toString()),
  );
  const found = await Promise.all(
    open.map(async (document) => {
      const scored = documents.get(document);
      if (scored) return [scored];
      const rows = await documents.rowsOf(document);
      return rows.kind === "text" ? [] : [new ScoredDocument(rows, () => undefined)];
    }),
  );
  return found.flat();
}

/** Items for the completions of a file under a separator with its name; empty if there are none. */
export function candidatesIn(
  scored: ScoredDocument,
  isLeftOut: (region: Region, index: number) => boolean,
): (Candidate | vscode.QuickPickItem)[] {
  const { document } = scored;
  const found = (isSmallDocument(document) ? scored.all() : entriesNear(scored)).flatMap((entry) => {
    const { region } = entry;
    if ("problem" in region) return [];
    return region.completions.flatMap(({ texts }, i) => {
      const [first] = texts;
      if (!first || isLeftOut(region, i)) return [];
      const offset = region.start + first.at(0);
      return {
        label: `${document.positionAt(offset).line + 1}: ${completionLabel(region, i)}`,
        description: rewardOf(entry, i),
        detail: texts
          .map(({ text }) => text)
          .join(" ")
          .slice(0, longestDetail)
          .replace(/\s+/g, " "),
        at: { uri: document.uri.toString(), offset },
      };
    });
  });
  const name = { label: basename(document.fileName), kind: vscode.QuickPickItemKind.Separator };
  return found.length === 0 ? [] : [name, ...found];
}

function rewardOf(entry: RowEntry, index: number): string {
  const reward = entry.kind === "scored" ? entry.row.scores[index]?.reward : undefined;
  return typeof reward === "number" ? `reward ${rewardText(reward)}` : "";
}
