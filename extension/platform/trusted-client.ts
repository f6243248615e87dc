/** The engine as the editor may ask it: whatever opens a model or a run passes here, and is refused without trust. */
import { dirname } from "node:path";
import type { RunEvents } from "../engine/engine";
import type { Evaluation } from "../engine/evaluation/evaluate";
import { EngineClient } from "../engine/process/client";
import type { ClientOptions } from "../engine/process/engine-process";
import type {
  EstimateTrainingRequest,
  EvaluateRequest,
  GoalResult,
  MakeGoalRequest,
  ModelRequest,
  ResumeRequest,
  ScoreDatasetRequest,
  ScoreRequest,
  ScoreResult,
  TrainRequest,
  TrainResult,
} from "../engine/protocol";
import type { Inspection } from "../engine/scoring/inspection";
import type { RunEstimate } from "../engine/training/plan/run-estimate";
import type { TrainEvents } from "../engine/training-runs";
import { placesOfModel, placesOfRun } from "./model-places";
import { refuseUntrusted } from "./trust";

/** Requests throw UntrustedModel beside what they throw anyway. Datasets are read as data, and are not refused. */
export class TrustedClient extends EngineClient {
  /** @param own folder of the extension, which is trusted wherever it lies */
  constructor(
    options: ClientOptions,
    private readonly own: string,
  ) {
    super(options);
  }

  override async inspect(request: ModelRequest): Promise<Inspection> {
    await this.#check(request);
    return super.inspect(request);
  }

  override async score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult> {
    await this.#check(request);
    return super.score(request, signal);
  }

  override async scoreDataset(
    request: ScoreDatasetRequest,
    events: RunEvents,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#check(request);
    return super.scoreDataset(request, events, signal);
  }

  override async makeGoal(
    request: MakeGoalRequest,
    events: RunEvents,
    signal?: AbortSignal,
  ): Promise<GoalResult> {
    await this.#check(request);
    return super.makeGoal(request, events, signal);
  }

  override async evaluate(
    request: EvaluateRequest,
    events: RunEvents,
    signal?: AbortSignal,
  ): Promise<Evaluation> {
    await this.#check(request);
    return super.evaluate(request, events, signal);
  }

  override async estimateTraining(
    request: EstimateTrainingRequest,
    signal?: AbortSignal,
  ): Promise<RunEstimate> {
    await this.#check(request);
    return super.estimateTraining(request, signal);
  }

  override async train(
    request: TrainRequest,
    events: TrainEvents,
    signal?: AbortSignal,
  ): Promise<TrainResult> {
    const model = request.model ?? (request.init === undefined ? undefined : dirname(request.init));
    if (model !== undefined) await this.#check({ ...request, model });
    return super.train(request, events, signal);
  }

  override async resume(
    request: ResumeRequest,
    events: TrainEvents,
    signal?: AbortSignal,
  ): Promise<TrainResult> {
    await refuseUntrusted(request.folder, () => placesOfRun(request.folder), this.own);
    return super.resume(request, events, signal);
  }

  #check({ model, base }: Pick<ModelRequest, "model" | "base">): Promise<void> {
    return refuseUntrusted(model, () => placesOfModel(model, base), this.own);
  }
}
