/** Shows the scores of the token under the pointer. */
import * as vscode from "vscode";
import type { Reader } from "../scores/reader";
import { rangeIn } from "../scores/scored-document";
import type { ScoredDocuments } from "../scores/scored-documents";
import { commandIds, rowArguments } from "./row-commands";
import { ScoredProviders } from "./scored-providers";
import { tokenParagraphs } from "./token-wording";

export class TokenHover implements vscode.HoverProvider, vscode.Disposable {
  readonly #registration: vscode.Disposable;

  constructor(
    private readonly documents: ScoredDocuments,
    private readonly reader: Reader,
  ) {
    this.#registration = new ScoredProviders(documents, (selector) =>
      vscode.languages.registerHoverProvider(selector, this),
    );
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const entry = this.documents.get(document)?.at(position);
    if (entry?.kind !== "scored") return undefined;
    const offset = document.offsetAt(position);
    for (const completion of entry.completions) {
      const index = completion.tokenAt(offset);
      const token = index === undefined ? undefined : completion.token(index);
      if (index === undefined || !token) continue;
      const paragraphs = tokenParagraphs(completion.tokens, completion.text, index, {
        goal: this.reader.read(completion).goal,
        rewardQuantiles: this.reader.rewardQuantiles,
      });
      const place = completion.rangesOf(token).find(({ start, end }) => start <= offset && offset < end);
      return new vscode.Hover(withActions(paragraphs, document, offset), place && rangeIn(document, place));
    }
    return undefined;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** Trusts only these three commands, because the text around them comes from files. */
function withActions(
  paragraphs: readonly string[],
  document: vscode.TextDocument,
  offset: number,
): vscode.MarkdownString {
  const { compare, nextLowToken, setThreshold } = commandIds;
  const row = encodeURIComponent(JSON.stringify(rowArguments(document, offset)));
  const actions = [
    `[Compare](command:${compare}?${row} "Show this row in the compare panel")`,
    `[Next low-Q token](command:${nextLowToken} "Go to the next token below the threshold")`,
    `[Set threshold](command:${setThreshold} "Change the Q below which a token is low")`,
  ];
  const text = new vscode.MarkdownString([...paragraphs, actions.join(" · ")].join("\n\n"));
  text.isTrusted = { enabledCommands: [compare, nextLowToken, setThreshold] };
  return text;
}
