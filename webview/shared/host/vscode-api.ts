/** VS Code's API for webviews: messages to the host, and a state that survives a reload. */

export interface VsCodeApi {
  postMessage(message: unknown): void;
  /** The last state that was set, possibly by an older version of the extension. */
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Must be called only once per page: VS Code throws on a second call. */
export function vscodeApi(): VsCodeApi {
  return acquireVsCodeApi();
}
