/** Wraps Reward Inspector as a peer that trains on each request with the engine's own session and optimizer. */
import { createInterface } from "node:readline";
import { Checkpoint } from "../../extension/engine/checkpoint/reading/checkpoint";
import { readTensorAsFloats } from "../../extension/engine/checkpoint/reading/float-tensor";
import { readSafetensors } from "../../extension/engine/model-folder/safetensors";
import { env } from "../../extension/engine/runtime/onnxruntime";
import { openModel } from "../../extension/engine/scoring/reward-model";
import { type Batch, makeBatch, widthOf } from "../../extension/engine/training/graph/batch";
import { type BatchGradients, TrainingSession } from "../../extension/engine/training/graph/training-session";
import { AdamW, adamDefaults, gradientNorm } from "../../extension/engine/training/optimizer";
import { packPair, rejectedPlace } from "../../extension/engine/training/pairs/packed-pair";
import { defaultLora, defaultLoss } from "../../extension/protocol/train-settings";
import type { Ready } from "../protocol";
import type {
  LossWeights,
  StepFigures,
  TrainedMethod,
  TrainingPair,
  TrainingRequests,
} from "../training-protocol";
import { timed } from "./timed";

type Request = {
  [K in keyof TrainingRequests]: { readonly kind: K } & TrainingRequests[K]["request"];
}[keyof TrainingRequests];

class Trainer {
  #optimizer: AdamW | undefined;
  #learningRate = 0;
  #maxGradNorm = 0;
  readonly #initial: readonly Float32Array[];

  private constructor(private readonly session: TrainingSession) {
    this.#initial = session.tensors.map(({ data }) => data.slice());
  }

  /**
   * @param loss weights of every step; the training graph is built for them
   * @param adapter safetensors file of initial adapter weights, with PEFT's names
   */
  static async create(
    folder: string,
    method: TrainedMethod,
    loss: LossWeights,
    adapter: string | undefined,
  ): Promise<Trainer> {
    const model = await openModel(await Checkpoint.open(folder));
    const settings = {
      objective: "reward",
      method,
      head: "linear",
      lora: defaultLora,
      loss: { ...defaultLoss, ...loss },
    } as const;
    const session = await TrainingSession.create(model, settings, "cpu", 1);
    if (adapter !== undefined) {
      const { tensors } = await readSafetensors(adapter);
      for (const { name, data } of session.tensors) {
        const stored = tensors.get(`base_model.model.${name.replace(/\.lora_([AB])$/, ".lora_$1.weight")}`);
        if (!stored) throw new Error(`the adapter has no ${name}, but ${[...tensors.keys()].slice(0, 3)}`);
        data.set(await readTensorAsFloats(stored));
      }
    }
    return new Trainer(session);
  }

  start({ learningRate, weightDecay, maxGradNorm }: TrainingRequests["start"]["request"]): object {
    this.session.tensors.forEach(({ data }, i) => {
      data.set(this.#initial[i] ?? []);
    });
    this.#optimizer = new AdamW(this.session.tensors, { ...adamDefaults, weightDecay });
    this.#learningRate = learningRate;
    this.#maxGradNorm = maxGradNorm;
    return {};
  }

  async step({ pairs }: TrainingRequests["step"]["request"]): Promise<TrainingRequests["step"]["answer"]> {
    const { result, timing } = await timed(() => this.#update(pairs));
    return { ...timing, figures: result };
  }

  async #update(pairs: readonly TrainingPair[]): Promise<StepFigures> {
    const result = await this.session.step(batchOf(pairs), () => 1);
    const gradNorm = gradientNorm(result.gradients);
    this.#optimizer?.step(
      result.gradients,
      Math.min(1, this.#maxGradNorm / (gradNorm + 1e-6)),
      this.#learningRate,
    );
    return { ...figuresOf(result), gradNorm };
  }
}

function batchOf(pairs: readonly TrainingPair[]): Batch {
  const rows = pairs.map(({ chosen, rejected, prompt, margin }) => {
    const sequence = (ids: readonly number[]) => ({
      ids: Int32Array.from(ids),
      firstToken: prompt,
      rewardToken: ids.length - 1,
    });
    return packPair({ chosen: sequence(chosen), rejected: sequence(rejected), margin }, true);
  });
  const width = widthOf(rows);
  const states = {
    positive: { sources: [] as number[], goals: [] as number[] },
    negative: { sources: [] as number[], goals: [] as number[] },
  };
  rows.forEach((row, b) => {
    for (const [source, goal] of pairs[b]?.positive ?? []) {
      states.positive.sources.push(b * width + source);
      states.positive.goals.push(b * width + goal);
    }
    for (const [source, goal] of pairs[b]?.negative ?? []) {
      states.negative.sources.push(b * width + source);
      states.negative.goals.push(b * width + rejectedPlace(row, goal));
    }
  });
  return makeBatch(rows, states);
}

function figuresOf({
  loss,
  rankingLoss,
  contrastiveLoss,
  lmLoss,
}: BatchGradients): Omit<StepFigures, "gradNorm"> {
  return {
    loss,
    ranking: rankingLoss ?? Number.NaN,
    ...(contrastiveLoss !== undefined && { contrastive: contrastiveLoss }),
    ...(lmLoss !== undefined && { lm: lmLoss }),
  };
}

async function main(
  folder: string,
  method: TrainedMethod,
  loss: LossWeights,
  adapter: string | undefined,
): Promise<void> {
  const trainer = await Trainer.create(folder, method, loss, adapter);
  const write = (value: object): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);
  const ready: Ready = {
    versions: `Node.js ${process.versions.node}, onnxruntime-node ${env.versions.node ?? "?"}`,
  };
  write(ready);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    write(request.kind === "start" ? trainer.start(request) : await trainer.step(request));
  }
}

const [folder, method, loss, adapter] = process.argv.slice(2);
if (folder === undefined || loss === undefined || (method !== "full" && method !== "lora"))
  throw new Error("usage: train-step MODEL full|lora LOSS-AS-JSON [ADAPTER]");
void main(folder, method, JSON.parse(loss) as LossWeights, adapter);
