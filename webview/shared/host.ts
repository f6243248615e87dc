/** The extension host as a webview sees it: messages of the contract, and a state that outlives a reload. */
import type { WebviewMessage } from "../../extension/protocol/compare";

interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): WebviewApi;

export interface Host {
  post(message: WebviewMessage): void;
  /** What was kept last; anything, as an older version may have written it. */
  readonly kept: unknown;
  keep(state: unknown): void;
}

/** VS Code hands its interface out once a page. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    kept: api.getState(),
    keep: (state) => api.setState(state),
  };
}
