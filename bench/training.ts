/** Compares the training speed of the engine and PyTorch. See README.md. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { defaultLoss } from "../extension/protocol/train-settings";
import { Peer } from "./peer";
import { readPairs } from "./training-pairs";
import { type TrainedMethod, type TrainingRequests, trainedMethods } from "./training-protocol";
import { measureSteps } from "./training-steps";
import { Turns } from "./turns";

interface TrainingBench {
  readonly model: string;
  readonly python: string;
  readonly data: string;
  readonly threads: number;
  readonly rounds: number;
  readonly patience: number;
  readonly lmWeight: number;
  readonly methods: readonly TrainedMethod[];
}

const usualData = "../shared/data/preference_pairs.jsonl.gz";

/** @param root folder of the project */
function readTrainingBench(root: string): TrainingBench {
  const { values } = parseArgs({
    options: {
      model: { type: "string", short: "m" },
      python: { type: "string", default: "python3" },
      data: { type: "string" },
      threads: { type: "string", default: "2" },
      rounds: { type: "string", default: "5" },
      patience: { type: "string", default: "60" },
      "lm-weight": { type: "string", default: "0" },
      only: { type: "string", multiple: true },
    },
  });
  if (values.model === undefined) throw new Error("specify a reward model folder with --model");
  const data = values.data ?? join(root, usualData);
  if (!existsSync(data))
    throw new Error(`${data} does not exist; specify a file of preference pairs with --data`);
  return {
    model: resolve(values.model),
    python: values.python,
    data,
    threads: Number(values.threads),
    rounds: Number(values.rounds),
    patience: Number(values.patience),
    lmWeight: Number(values["lm-weight"]),
    methods: trainedMethods.filter((method) => values.only?.includes(method) ?? true),
  };
}

async function main(root: string): Promise<void> {
  const { model, python, data, threads, rounds, patience, lmWeight, methods } = readTrainingBench(root);
  const pairs = await readPairs(model, data);
  const turns = new Turns(patience);
  const load = (): string => (loadavg()[0] ?? 0).toFixed(1);
  const processor = cpus()[0]?.model.trim() ?? "unknown";
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(`${processor}, ${cpus().length} cores, ${memory} GiB; ${threads} threads each; load ${load()}`);
  for (const method of methods) {
    const scratch = await mkdtemp(join(tmpdir(), "reward-inspector-bench-"));
    const peers: Peer<TrainingRequests>[] = [];
    try {
      const adapter = join(scratch, "adapter.safetensors");
      const script = join(root, "bench/peers/train_step.py");
      const theirs = await Peer.start<TrainingRequests>("PyTorch", python, [
        ...[script, model, "--method", method, "--threads", String(threads)],
        ...(method === "lora" ? ["--save-adapter", adapter] : []),
      ]);
      peers.push(theirs.peer);
      const loss = { lambda: defaultLoss.lambda, lmWeight, rewardCentering: defaultLoss.rewardCentering };
      const ours = await Peer.start<TrainingRequests>("Reward Inspector", process.execPath, [
        ...[join(__dirname, "train-step.cjs"), model, method, JSON.stringify(loss)],
        ...(method === "lora" ? [adapter] : []),
      ]);
      peers.push(ours.peer);
      console.log(`\n${ours.ready.versions}; ${theirs.ready.versions}`);
      const contestants = [
        { label: "Reward Inspector", peer: ours.peer, attention: "sdpa" as const },
        { label: "PyTorch, sdpa", peer: theirs.peer, attention: "sdpa" as const },
        { label: "PyTorch, eager", peer: theirs.peer, attention: "eager" as const },
      ];
      await measureSteps(method, contestants, pairs, loss, turns, rounds);
    } finally {
      for (const peer of peers) peer.stop();
      await rm(scratch, { recursive: true, force: true });
    }
  }
  console.log(`\n${turns.summary}; load at the end ${load()}`);
}

void main(join(__dirname, "../../.."));
