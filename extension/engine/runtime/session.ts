/** Evaluates a scoring graph on a device. */
import { endianness } from "node:os";

import type { Decoder, DecoderShape } from "../architecture/family";
import { fusedOnPast, fusedWithoutSoftCap } from "../architecture/lowering/fused";
import type { CachedLayer } from "../architecture/lowering/key-value-cache";
import { primitive } from "../architecture/lowering/primitive";
import { buildScoringGraph, type Lowering, type RopeInput, tensorNames } from "../architecture/scoring-graph";
import type { RewardHead } from "../checkpoint/heads/reward-head";
import type { Checkpoint } from "../checkpoint/reading/checkpoint";
import { serialize } from "../graph/onnx";
import type { Device } from "./device";
import { type KeyValues, keptNames, keptRows, type Past, pastFeeds } from "./key-values";
import { InferenceSession, Tensor } from "./onnxruntime";

/** Goal states. data: [count, hiddenSize], row-major. */
export interface GoalMatrix {
  readonly count: number;
  readonly data: Float32Array;
}

/** Outputs of the graph for a batch, row-major. Values after a row's last token are meaningless. */
export interface BatchScores {
  /** T: number of tokens of the longest row. */
  readonly length: number;
  /** [B,T,G]; empty without goal states. */
  readonly q: Float32Array;
  /** [B,T]; undefined without a reward head. */
  readonly partialReward: Float32Array | undefined;
  /** [B,T,H]; undefined unless requested, or unless there is no other output. */
  readonly hidden: Float32Array | undefined;
}

/** Scores of a batch, with the keys and values that later sequences can reuse. */
export interface KeptScores {
  readonly scores: BatchScores;
  /** Keys and values of each row, including its past. */
  readonly keyValues: readonly KeyValues[];
}

interface EvaluationOptions {
  readonly wantsHidden?: boolean;
  readonly keeps?: boolean;
  readonly past?: Past | undefined;
}

/** Index of the low 32-bit word of an int64. */
const lowWord = endianness() === "LE" ? 0 : 1;

export class ScoringSession {
  #computedTokens = 0;

  private constructor(
    private readonly session: InferenceSession,
    private readonly ropes: readonly RopeInput[],
    private readonly cached: readonly CachedLayer[] | undefined,
    private readonly shape: DecoderShape,
    private readonly hasHead: boolean,
  ) {}

  /** Builds the graph and loads the weights from the checkpoint's own files. */
  static async create(
    checkpoint: Checkpoint,
    decoder: Decoder,
    head: RewardHead | undefined,
    device: Device,
  ): Promise<ScoringSession> {
    const { graph, ropes, past } = buildScoringGraph(checkpoint, decoder, head, loweringOf(device));
    const bytes = serialize(graph);
    const session = await InferenceSession.create(bytes, {
      executionProviders: [device.provider],
      graphOptimizationLevel: "all",
      // Batches differ in shape, so a memory plan for one would only use up memory during the next.
      enableMemPattern: false,
      logSeverityLevel: 3,
      // The weights are external data, read from the user's own files in this folder.
      extra: { session: { model_external_initializers_file_folder_path: checkpoint.root } },
    });
    return new ScoringSession(session, ropes, past, decoder.shape, head !== undefined);
  }

  /** Scores a batch of token ids. Shorter rows are padded on the right, where causal attention cannot reach. */
  async run(rows: readonly Int32Array[], goals: GoalMatrix, wantsHidden = false): Promise<BatchScores> {
    const length = Math.max(...rows.map((row) => row.length));
    return scoresIn(await this.#results(rows, length, goals, { wantsHidden }), length);
  }

  /** Whether `runKeeping` can be called: on the CPU, if fused attention supports all layers. */
  get canReuse(): boolean {
    return this.cached?.length === this.shape.layers;
  }

  /** Like `run`, but also returns keys and values. With a past, `rows` is one row: the tokens after the past. */
  async runKeeping(rows: readonly Int32Array[], goals: GoalMatrix, past?: Past): Promise<KeptScores> {
    const length = Math.max(...rows.map((row) => row.length));
    const results = await this.#results(rows, length, goals, { keeps: true, past });
    return {
      scores: scoresIn(results, length),
      keyValues: keptRows(this.cached ?? [], results, rows.length),
    };
  }

  /** Number of tokens evaluated so far, including padding. */
  get computedTokens(): number {
    return this.#computedTokens;
  }

  async #results(
    rows: readonly Int32Array[],
    length: number,
    goals: GoalMatrix,
    { wantsHidden = false, keeps = false, past }: EvaluationOptions,
  ): Promise<Readonly<Record<string, Tensor>>> {
    const { hiddenSize } = this.shape;
    const total = length + (past?.length ?? 0);
    const feeds: Record<string, Tensor> = {
      [tensorNames.ids]: paddedIds(rows, length),
      // The graph requires at least one goal state. A zero one costs nothing, and its Q-values are not requested.
      [tensorNames.goals]:
        goals.count > 0
          ? new Tensor("float32", goals.data, [goals.count, hiddenSize])
          : new Tensor("float32", new Float32Array(hiddenSize), [1, hiddenSize]),
      ...(this.cached && pastFeeds(this.cached, rows.length, past, keeps ? total : 0)),
    };
    for (const { rope, cos, sin } of this.ropes) {
      const tables = rope.tables(total);
      feeds[cos] = new Tensor("float32", tables.cos, [total, rope.half]);
      feeds[sin] = new Tensor("float32", tables.sin, [total, rope.half]);
    }
    const wanted: string[] = goals.count > 0 ? [tensorNames.q] : [];
    if (this.hasHead) wanted.push(tensorNames.partialReward);
    if (wantsHidden || wanted.length === 0) wanted.push(tensorNames.hidden);
    if (keeps && this.cached) wanted.push(...keptNames(this.cached));
    this.#computedTokens += rows.length * length;
    return this.session.run(feeds, wanted);
  }

  /** LongRoPE: sequences longer than this use other frequencies, and must not share a batch with shorter ones. */
  get lengthBoundary(): number {
    return Math.min(...this.ropes.map(({ rope }) => rope.switchLength));
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

function loweringOf({ provider, kernels }: Device): Lowering {
  if (kernels === "primitive") return primitive;
  return provider === "cpu" ? fusedOnPast : fusedWithoutSoftCap;
}

function scoresIn(results: Readonly<Record<string, Tensor>>, length: number): BatchScores {
  return {
    length,
    q: floats(results[tensorNames.q]) ?? new Float32Array(),
    partialReward: floats(results[tensorNames.partialReward]),
    hidden: floats(results[tensorNames.hidden]),
  };
}

/** Right-padded ids: int64 [B,T]. Written as 32-bit words for speed; ids are not negative, so high words stay 0. */
function paddedIds(rows: readonly Int32Array[], length: number): Tensor {
  const ids = new BigInt64Array(rows.length * length);
  const words = new Int32Array(ids.buffer);
  rows.forEach((row, b) => {
    for (let t = 0; t < row.length; t++) words[2 * (b * length + t) + lowWord] = row[t] ?? 0;
  });
  return new Tensor("int64", ids, [rows.length, length]);
}

function floats(tensor: Tensor | undefined): Float32Array | undefined {
  return tensor?.data instanceof Float32Array ? tensor.data : undefined;
}
