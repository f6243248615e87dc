/** Compares the scoring speed of the engine and its peers. See README.md. */
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { measureBatches } from "./equal-batches";
import { workOf } from "./flops";
import { measurePeak } from "./peak";
import { startPeers, stopPeers } from "./peers";
import { readSettings } from "./settings";
import { readSamples, spread } from "./texts";
import { Turns } from "./turns";
import { measureFile } from "./whole-file";

/** Number of texts from which the batches are chosen. */
const candidates = 400;

/**
 * @param root folder of the project
 * @param built folder of the bundles that run.mjs builds
 */
async function main(root: string, built: string): Promise<void> {
  const settings = readSettings(root);
  const { data, parts, rounds, threads, patience } = settings;
  if (data === undefined) throw new Error("no data at the default path; specify a JSONL file with --data");
  const samples = await readSamples(data);
  const turns = new Turns(patience);
  const load = (): string => (loadavg()[0] ?? 0).toFixed(1);
  const processor = cpus()[0]?.model.trim() ?? "unknown";
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(`${processor}, ${cpus().length} cores, ${memory} GiB; ${threads} threads each; load ${load()}`);

  if (parts.includes("peak") || parts.includes("batches")) {
    const work = await workOf(settings.model);
    const peers = await startPeers(settings, root, built);
    try {
      console.log(peers.versions.join("; "));
      const peak = parts.includes("peak") ? await measurePeak(peers, work, turns, rounds) : undefined;
      if (parts.includes("batches"))
        await measureBatches(peers, spread(samples, candidates), work, turns, rounds, peak);
    } finally {
      stopPeers(peers);
    }
  }
  if (parts.includes("file")) await measureFile(settings, root, samples, turns);
  console.log(`\n${turns.summary}; load at the end ${load()}`);
}

void main(join(__dirname, "../../.."), __dirname);
