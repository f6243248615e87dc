/** Computes losses and gradients of a batch on a device. */
import type { Provider } from "../../../protocol/models";
import { readTensorAsFloats } from "../../checkpoint/reading/float-tensor";
import { serialize } from "../../graph/onnx";
import { randomSequence } from "../../random";
import { InferenceSession, Tensor } from "../../runtime/onnxruntime";
import type { OpenedModel } from "../../scoring/reward-model";
import type { TrainedTensor } from "../optimizer";
import { normalNumber } from "../random-draws";
import type { Batch } from "./batch";
import type { Start } from "./trained-parameters";
import {
  buildTrainingGraph,
  outputNames,
  type TrainingGraph,
  type TrainingGraphSettings,
} from "./training-graph";

/** Means over a batch; a loss that is not trained is undefined. */
export interface BatchLosses {
  readonly loss: number;
  readonly rankingLoss: number | undefined;
  readonly contrastiveLoss: number | undefined;
  readonly lmLoss: number | undefined;
  /** Rewards of the chosen and the rejected completion, [B,2]; undefined if the objective has no reward. */
  readonly rewards: Float32Array | undefined;
}

export interface BatchGradients extends BatchLosses {
  /** Gradients in the order of the session's tensors. */
  readonly gradients: readonly Float32Array[];
}

export type SessionSettings = Omit<TrainingGraphSettings, "dtype" | "provider">;

export class TrainingSession {
  #released: Promise<void> | undefined;
  #evaluating: Promise<{ session: InferenceSession; graph: TrainingGraph }> | undefined;

  private constructor(
    private readonly model: OpenedModel,
    private readonly settings: SessionSettings,
    private readonly provider: Provider,
    private readonly training: InferenceSession,
    private readonly graph: TrainingGraph,
    /** Trained tensors. The optimizer changes their data in place. */
    readonly tensors: readonly TrainedTensor[],
  ) {}

  /** Parameters start from the checkpoint's values; new ones are drawn from the seed. */
  static async create(
    model: OpenedModel,
    settings: SessionSettings,
    provider: Provider,
    seed: number,
  ): Promise<TrainingSession> {
    const graph = buildTrainingGraph(model, { ...settings, dtype: "float32", provider }, true);
    const random = randomSequence(seed);
    const tensors: TrainedTensor[] = [];
    for (const { name, shape, start } of graph.parameters)
      tensors.push({ name, shape, data: await started(start, shape, random) });
    const session = await load(model, graph, provider);
    return new TrainingSession(model, settings, provider, session, graph, tensors);
  }

  /** Computes losses and gradients without updating anything. random: draws the dropout masks. */
  async step(batch: Batch, random: () => number): Promise<BatchGradients> {
    const { masks } = this.graph;
    const feeds = this.#feeds(this.graph, batch);
    const rows = batch.rows.length * batch.width;
    for (const { value, width } of masks) {
      const { dropout } = this.settings.lora;
      const mask = Uint8Array.from({ length: rows * width }, () => (random() < dropout ? 0 : 1));
      feeds[value.name] = new Tensor("bool", mask, [rows, width]);
    }
    const results = await this.training.run(feeds);
    const gradients = this.graph.gradientNames.map((name) => {
      const gradient = floats(results[name]);
      if (!gradient) throw new Error(`${name} is missing`);
      return gradient;
    });
    return { ...lossesOf(results), gradients };
  }

  async evaluate(batch: Batch): Promise<BatchLosses> {
    this.#evaluating ??= this.#loadEvaluation();
    const { session, graph } = await this.#evaluating;
    return lossesOf(await session.run(this.#feeds(graph, batch)));
  }

  /**
   * Sequence length beyond which LongRoPE uses other frequencies; infinite for other ropes. Longer and shorter
   * sequences cannot share a micro-batch.
   */
  get lengthBoundary(): number {
    return Math.min(...this.graph.ropes.map(({ rope }) => rope.switchLength));
  }

  /** Frees the runtime's memory; the tensors stay. May be called more than once. */
  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<void> {
    await this.training.release();
    await (await this.#evaluating)?.session.release();
  }

  async #loadEvaluation(): Promise<{ session: InferenceSession; graph: TrainingGraph }> {
    const { model, provider } = this;
    const graph = buildTrainingGraph(model, { ...this.settings, dtype: "float32", provider }, false);
    return { session: await load(model, graph, provider), graph };
  }

  #feeds({ graph, ropes }: TrainingGraph, batch: Batch): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    const wanted = new Set(graph.inputs.map(({ name }) => name));
    for (const { name, shape, data } of this.tensors) feeds[name] = new Tensor("float32", data, shape);
    for (const [name, { data, shape }] of Object.entries(batch.integers))
      if (wanted.has(name)) feeds[name] = new Tensor("int64", data, shape);
    for (const [name, { data, shape }] of Object.entries(batch.floats))
      if (wanted.has(name)) feeds[name] = new Tensor("float32", data, shape);
    for (const { rope, cos, sin } of ropes) {
      // The runtime's kernel requires one position per token of a row, although branches share positions.
      const tables = rope.tables(batch.longest, batch.width);
      feeds[cos] = new Tensor("float32", tables.cos, [batch.width, rope.half]);
      feeds[sin] = new Tensor("float32", tables.sin, [batch.width, rope.half]);
    }
    return feeds;
  }
}

function load(model: OpenedModel, { graph }: TrainingGraph, provider: Provider): Promise<InferenceSession> {
  return InferenceSession.create(serialize(graph), {
    executionProviders: [provider],
    graphOptimizationLevel: "all",
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: model.checkpoint.root } },
  });
}

async function started(start: Start, shape: readonly number[], random: () => number): Promise<Float32Array> {
  if (start.kind === "stored") return readTensorAsFloats(start.tensor);
  const data = new Float32Array(shape.reduce((count, dim) => count * dim, 1));
  if (start.kind === "normal") return data.map(() => start.deviation * normalNumber(random));
  if (start.kind === "uniform") return data.map(() => start.bound * (2 * random() - 1));
  return data;
}

function lossesOf(results: InferenceSession.ReturnType): BatchLosses {
  const value = (name: string): number | undefined => floats(results[name])?.[0];
  return {
    loss: value(outputNames.loss) ?? Number.NaN,
    rankingLoss: value(outputNames.rankingLoss),
    contrastiveLoss: value(outputNames.contrastiveLoss),
    lmLoss: value(outputNames.lmLoss),
    rewards: floats(results[outputNames.rewards]),
  };
}

function floats(tensor: { readonly data: unknown } | undefined): Float32Array | undefined {
  return tensor?.data instanceof Float32Array ? tensor.data : undefined;
}
