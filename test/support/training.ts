/** Runs a training graph on a device in float64 or float32, with the test's parameters. */

import { serialize } from "../../extension/engine/graph/onnx";
import { InferenceSession, Tensor } from "../../extension/engine/runtime/onnxruntime";
import type { OpenedModel } from "../../extension/engine/scoring/reward-model";
import type { Batch } from "../../extension/engine/training/graph/batch";
import {
  buildTrainingGraph,
  type TrainingGraph,
  type TrainingGraphSettings,
} from "../../extension/engine/training/graph/training-graph";
import type { Provider } from "../../extension/protocol/models";

export type Numbers = Float64Array | Float32Array;

export class GraphRunner {
  private constructor(
    readonly graph: TrainingGraph,
    private readonly session: InferenceSession,
    private readonly dtype: "float32" | "float64",
  ) {}

  static async create(
    model: Pick<OpenedModel, "checkpoint" | "decoder" | "head">,
    settings: Omit<TrainingGraphSettings, "provider">,
    provider: Provider = "cpu",
  ): Promise<GraphRunner> {
    const graph = buildTrainingGraph(model, { ...settings, provider }, true);
    const session = await InferenceSession.create(serialize(graph.graph), {
      executionProviders: [provider],
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
      extra: { session: { model_external_initializers_file_folder_path: model.checkpoint.root } },
    });
    return new GraphRunner(graph, session, settings.dtype);
  }

  /** @returns all outputs by name */
  async run(batch: Batch, parameters: ReadonlyMap<string, Numbers>): Promise<Map<string, Numbers>> {
    const { graph, ropes, parameters: known } = this.graph;
    const wanted = new Set(graph.inputs.map(({ name }) => name));
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape } of known) {
      const data = parameters.get(name);
      if (!data) throw new Error(`no values for ${name}`);
      feeds[name] = this.#tensor(data, shape);
    }
    for (const [name, { data, shape }] of Object.entries(batch.integers))
      if (wanted.has(name)) feeds[name] = new Tensor("int64", data, shape);
    for (const [name, { data, shape }] of Object.entries(batch.floats))
      if (wanted.has(name)) feeds[name] = this.#tensor(data, shape);
    for (const { rope, cos, sin } of ropes) {
      const tables = rope.tables(batch.longest, batch.width);
      feeds[cos] = this.#tensor(tables.cos, [batch.width, rope.half]);
      feeds[sin] = this.#tensor(tables.sin, [batch.width, rope.half]);
    }
    const results = await this.session.run(feeds);
    return new Map(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Numbers]));
  }

  release(): Promise<void> {
    return this.session.release();
  }

  #tensor(data: Numbers, shape: readonly number[]): Tensor {
    return this.dtype === "float64"
      ? new Tensor("float64", Float64Array.from(data), shape)
      : new Tensor("float32", Float32Array.from(data), shape);
  }
}
