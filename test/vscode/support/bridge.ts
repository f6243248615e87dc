/** Implements the test's end of the bridge into the extension host. */
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import type * as vscode from "vscode";
import { root } from "../../support/fixture";
import type { BridgeAnswer, BridgeCall } from "./bridge-main";

type Api = typeof vscode;

/**
 * Calls a function inside the extension host with the real API. The function is sent as source text, so it can use only
 * its arguments and no other variable of the test. The argument and the result are sent as JSON.
 * @throws Error with the stack of the extension host
 */
export type Vs = <Result, Argument = undefined>(
  called: (api: Api, argument: Argument) => Result | PromiseLike<Result>,
  argument?: Argument,
) => Promise<Result>;

/** Milliseconds to wait for the extension host to listen. */
const startLimit = 30_000;

/** Bundles the host's end of the bridge into `folder`, and returns the path of the module. */
export async function bundleBridge(folder: string): Promise<string> {
  const outfile = join(folder, "bridge.js");
  await build({
    entryPoints: [join(root, "test/vscode/support/bridge-main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["vscode"],
    logLevel: "warning",
  });
  return outfile;
}

/** @param socket path on which the extension host listens, at the latest soon after the page starts */
export function bridgeOver(socket: string): Vs {
  return async <Result, Argument>(
    called: (api: Api, argument: Argument) => Result | PromiseLike<Result>,
    argument?: Argument,
  ): Promise<Result> => {
    const answer = await askPatiently(socket, { source: called.toString(), argument });
    if (!answer.ok) throw new Error(`in the extension host: ${answer.error}`);
    return answer.value as Result;
  };
}

/** Retries only while the bridge does not listen yet, because an accepted call may have had effects. */
async function askPatiently(socket: string, call: BridgeCall): Promise<BridgeAnswer> {
  const until = Date.now() + startLimit;
  for (;;) {
    try {
      return await ask(socket, call);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== "ENOENT" && code !== "ECONNREFUSED") || Date.now() > until) throw error;
      await sleep(50);
    }
  }
}

function ask(socketPath: string, call: BridgeCall): Promise<BridgeAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method: "POST" }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.once("error", reject).once("end", () => resolve(JSON.parse(body) as BridgeAnswer));
    });
    asked.once("error", reject).end(JSON.stringify(call));
  });
}
