/**
 * Replaces the test suite inside the extension host: receives functions over a socket and calls them with the real
 * `vscode`, so that a test outside can both drive the page and call the API. The socket is in a private folder.
 */
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import * as vscode from "vscode";

export interface BridgeCall {
  /** Source of `(vscode, argument) => …`; may be async. */
  readonly source: string;
  readonly argument: unknown;
}

export type BridgeAnswer =
  | { readonly ok: true; readonly value?: unknown }
  | { readonly ok: false; readonly error: string };

/** Never resolves, because VS Code would then exit; the test closes the page instead. */
export function run(): Promise<void> {
  const socket = process.env.REWARD_INSPECTOR_BRIDGE ?? "";
  rmSync(socket, { force: true });
  return new Promise((_, reject) => {
    const server = createServer(async (request, response) => {
      const answer = await call(await textOf(request));
      response.end(JSON.stringify(answer));
    });
    server.once("error", reject).listen(socket);
  });
}

async function call(body: string): Promise<BridgeAnswer> {
  try {
    const { source, argument } = JSON.parse(body) as BridgeCall;
    const called = new Function(`return (${source})`)() as (api: typeof vscode, argument: unknown) => unknown;
    return { ok: true, value: await called(vscode, argument) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
