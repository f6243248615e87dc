/** What the compare panel looks at. */
import type * as vscode from "vscode";

/** One completion of a document. `offset`: a place in it, for finding it again after edits. */
export interface Located {
  readonly document: vscode.TextDocument;
  readonly offset: number;
}

export type Subject =
  /** The row under the cursor, which the panel follows. */
  | { readonly kind: "row"; readonly at: Located }
  | { readonly kind: "completions"; readonly first: Located; readonly second: Located }
  /** The same completion under the active model and another. */
  | { readonly kind: "models"; readonly at: Located; readonly other: string };
