import * as vscode from "vscode";
import { signalOf } from "../engine/abort";

/** A signal that is aborted, with a CancellationError, when one of the tokens is canceled. */
export function abortedBy(...tokens: readonly vscode.CancellationToken[]): AbortSignal {
  return signalOf(tokens, () => new vscode.CancellationError());
}
