/** Cancellation as a signal, whoever cancels. */

/** What VS Code and JSON-RPC call a cancellation token. */
export interface Token {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): unknown;
}

/** A signal that is aborted when one of the tokens is canceled, with this reason. */
export function signalOf(tokens: readonly Token[], reason: () => unknown): AbortSignal {
  const abort = new AbortController();
  const cancel = (): void => abort.abort(reason());
  for (const token of tokens) {
    // A token that was canceled before calls no one.
    if (token.isCancellationRequested) cancel();
    token.onCancellationRequested(cancel);
  }
  return abort.signal;
}
