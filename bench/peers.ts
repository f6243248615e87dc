/** Starts and stops the peers that the benchmark measures. */
import { join } from "node:path";
import { Peer } from "./peer";
import type { Settings } from "./settings";

export interface Peers {
  readonly engine: Peer;
  readonly pytorch: Peer;
  readonly transformersJs: Peer | undefined;
  readonly versions: readonly string[];
}

/**
 * @param root folder of the project
 * @param built folder of the bundled engine peer
 */
export async function startPeers(settings: Settings, root: string, built: string): Promise<Peers> {
  const { model, python, transformersJs, threads } = settings;
  const source = (name: string): string => join(root, "bench/peers", name);
  const engine = await Peer.start("Reward Inspector", process.execPath, [join(built, "engine.cjs"), model]);
  const pytorch = await Peer.start("PyTorch", python, [
    source("pytorch.py"),
    model,
    "--threads",
    String(threads),
  ]);
  const other =
    transformersJs &&
    (await Peer.start("transformers.js", process.execPath, [
      source("transformersjs.mjs"),
      transformersJs.folder,
      transformersJs.exported,
      String(threads),
    ]));
  return {
    engine: engine.peer,
    pytorch: pytorch.peer,
    transformersJs: other?.peer,
    versions: [engine, pytorch, ...(other ? [other] : [])].map(({ ready }) => ready.versions),
  };
}

export function stopPeers({ engine, pytorch, transformersJs }: Peers): void {
  for (const peer of [engine, pytorch, transformersJs]) peer?.stop();
}
