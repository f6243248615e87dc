/** Measures every peer in turn on the same texts in the same padded batches. */
import { requireSameIds, requireSameScores } from "./agreement";
import { flopsOf, type Work } from "./flops";
import type { Peer } from "./peer";
import type { Peers } from "./peers";
import type { Mode, Scores, Timing } from "./protocol";
import { Table, whole } from "./report";
import { type BatchShape, batchShapes, nameOf, textsFor } from "./shapes";
import type { Sample } from "./texts";
import { median, ratio, type Turns } from "./turns";

interface Contestant {
  readonly label: string;
  readonly peer: Peer;
  readonly mode: Mode;
}

/** @param peak peak of the machine in GFLOP/s, if it was measured */
export async function measureBatches(
  peers: Peers,
  samples: readonly Sample[],
  work: Work,
  turns: Turns,
  rounds: number,
  peak: number | undefined,
): Promise<void> {
  const texts = samples.map(({ prompt, completion }) => prompt + completion);
  const { ids } = await peers.engine.ask("encode", { texts, length: 4096 });
  const lengths = ids.map((row) => row.length);
  const table = new Table("Equal batches", [
    "batch",
    "peer",
    "peer tokens/s",
    "Reward Inspector tokens/s",
    "Reward Inspector ÷ peer (min–max)",
    "share of peak",
  ]);
  for (const shape of batchShapes) {
    const chosen = textsFor(shape, texts, lengths);
    const rows = await measureShape(peers, shape, chosen, work, turns, rounds, peak);
    for (const row of rows) table.add(row);
  }
}

function contestantsFor({ engine, pytorch, transformersJs }: Peers, shape: BatchShape): Contestant[] {
  return [
    { label: "Reward Inspector", peer: engine, mode: "tokens" },
    { label: "PyTorch, every token", peer: pytorch, mode: "tokens" },
    // If there is no padding, transformers drops the mask on its own.
    ...(shape.fill === "padded"
      ? [{ label: "PyTorch, every token, no mask", peer: pytorch, mode: "tokens-unmasked" as const }]
      : []),
    { label: "PyTorch, one reward per row", peer: pytorch, mode: "classify" },
    ...(transformersJs
      ? [{ label: "transformers.js, one reward per row", peer: transformersJs, mode: "classify" as const }]
      : []),
  ];
}

async function measureShape(
  peers: Peers,
  shape: BatchShape,
  texts: readonly string[],
  work: Work,
  turns: Turns,
  rounds: number,
  peak: number | undefined,
): Promise<string[][]> {
  const contestants = contestantsFor(peers, shape);
  const { length } = shape;
  const { ids } = await peers.engine.ask("encode", { texts, length });
  const goal = Array.from({ length: work.hiddenSize }, (_, i) => Math.sin(i + 1));
  let expected: Scores | undefined;
  for (const { label, peer, mode } of contestants) {
    requireSameIds(label, ids, (await peer.ask("encode", { texts, length })).ids);
    const { scores } = await peer.ask("score", { rows: ids, goal, mode });
    expected ??= scores;
    const worst = requireSameScores(label, expected, scores);
    console.error(`${nameOf(shape)}: ${label}: same ids, scores within ${worst.toExponential(1)}`);
  }
  const runs = contestants.map(
    ({ peer, mode }) =>
      (): Promise<Timing> =>
        peer.ask("score", { rows: ids, goal, mode }),
  );
  const [ours = [], ...theirs] = await turns.take(runs, rounds);
  const tokens = shape.rows * length;
  const speed = median(ours);
  const flops = flopsOf(work, shape.rows, length);
  const share = peak === undefined ? "" : `${Math.round((100 * flops) / speed / 1e9 / peak)}%`;
  return theirs.map((times, i) => [
    nameOf(shape),
    contestants[i + 1]?.label ?? "",
    whole(tokens / median(times)),
    whole(tokens / speed),
    ratio(ours, times),
    share,
  ]);
}
