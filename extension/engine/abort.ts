/** Turns cancellation tokens into abort signals. */

/** The cancellation token of VS Code and of JSON-RPC. */
export interface Token {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): unknown;
}

/** Returns a signal that is aborted with the given reason once any of the tokens is canceled. */
export function signalOf(tokens: readonly Token[], reason: () => unknown): AbortSignal {
  const abort = new AbortController();
  const cancel = (): void => abort.abort(reason());
  for (const token of tokens) {
    // A token that is already canceled does not call its listeners.
    if (token.isCancellationRequested) cancel();
    token.onCancellationRequested(cancel);
  }
  return abort.signal;
}
