/** VS Code as a page sees it: messages to the host, and a state that outlives a reload. */

export interface VsCodeApi {
  postMessage(message: unknown): void;
  /** What was set last; anything, as an older version may have set it. */
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code gives its interface out once per page. */
export function vscodeApi(): VsCodeApi {
  return acquireVsCodeApi();
}
