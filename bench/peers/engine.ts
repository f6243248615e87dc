/** Wraps Reward Inspector as a peer, with the engine's own tokenizer, model and session. */
import { createInterface } from "node:readline";
import { Checkpoint } from "../../extension/engine/checkpoint/reading/checkpoint";
import { cpu } from "../../extension/engine/runtime/device";
import { env } from "../../extension/engine/runtime/onnxruntime";
import { openModel, RewardModel } from "../../extension/engine/scoring/reward-model";
import type { Ready, Requests, ScoreRequest } from "../protocol";
import { matMulSession } from "./matmul";
import { timed } from "./timed";

type Request = { [K in keyof Requests]: { readonly kind: K } & Requests[K]["request"] }[keyof Requests];

async function score(model: RewardModel, { rows, goal }: ScoreRequest): Promise<Requests["score"]["answer"]> {
  const goals = { count: 1, data: Float32Array.from(goal) };
  const ids = rows.map((row) => Int32Array.from(row));
  const { result, timing } = await timed(() => model.session.run(ids, goals));
  const { length, q, partialReward = new Float32Array() } = result;
  const byRow = (values: Float32Array): number[][] =>
    ids.map((row, b) => [...values.subarray(b * length, b * length + row.length)]);
  const partialRewards = byRow(partialReward);
  const rewards = partialRewards.map((row) => row.at(-1) ?? Number.NaN);
  return { ...timing, scores: { rewards, q: byRow(q), partialRewards } };
}

async function answer(model: RewardModel, request: Request): Promise<Requests[keyof Requests]["answer"]> {
  switch (request.kind) {
    case "encode": {
      const { tokenizer } = model.opened.encoder;
      const encode = (text: string): number[] => [...tokenizer.encode(text, { addSpecialTokens: true }).ids];
      return { ids: request.texts.map((text) => encode(text).slice(0, request.length)) };
    }
    case "score":
      return score(model, request);
    case "matmul": {
      const session = await matMulSession(request);
      return (await timed(() => session.run(request.times))).timing;
    }
  }
}

async function main(folder: string): Promise<void> {
  const model = await RewardModel.load(await openModel(await Checkpoint.open(folder)), cpu);
  const write = (value: object): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);
  const ready: Ready = {
    versions: `Node.js ${process.versions.node}, onnxruntime-node ${env.versions.node ?? "?"}`,
  };
  write(ready);
  for await (const line of createInterface({ input: process.stdin })) {
    write(await answer(model, JSON.parse(line) as Request));
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: engine MODEL");
void main(folder);
