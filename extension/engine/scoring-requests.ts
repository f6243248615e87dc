/** Turns scoring requests into datasets and options, and describes the settings that were used. */
import { createHash } from "node:crypto";
import type { ModelRequest } from "../protocol/models";
import type { AnsweredRow, ScoredRow } from "../protocol/scores";
import type { DatasetRequest, RunSettings, ScoreRequest, StartedMessage } from "../protocol/scoring";
import { fitting } from "./checkpoint/goals/goal-state";
import { listGoalStates, readGoalState } from "./checkpoint/goals/goal-store";
import { type Dataset, openDataset } from "./data/dataset";
import type { BadRow, DatasetRow } from "./data/rows/row";
import { InputError } from "./errors";
import { defaultBatchTokens } from "./runtime/memory";
import { rewardTokenText } from "./scoring/inspection";
import type { RewardModel } from "./scoring/reward-model";
import { Goals } from "./scoring/score";
import type { ScoreOptions } from "./scoring/stream";

/** Throws InputError if the model has neither a reward head nor goal states, or if a goal state has another size. */
export async function scoreOptions(
  model: RewardModel,
  request: ModelRequest & Pick<ScoreRequest, "goals" | "tokens" | "reuse">,
  signal: AbortSignal | undefined,
): Promise<ScoreOptions> {
  const { folder } = model.opened.checkpoint;
  const names = request.goals ?? (await listGoalStates(folder));
  const states = await Promise.all(
    names.map(async (name) => fitting(await readGoalState(name, folder), model.hiddenSize, name)),
  );
  if (states.length === 0 && model.opened.head === undefined) {
    throw new InputError(folder, "has neither a reward head nor a goal state, so there is nothing to score", {
      code: "nothing-to-score",
      data: { folder },
    });
  }
  return {
    goals: new Goals(states, model.hiddenSize),
    wantsTokens: request.tokens,
    batchTokens: request.batchTokens ?? defaultBatchTokens,
    reuse: request.reuse ?? false,
    maxLength: model.maxLength(request.maxLength),
    chat: request.chat ?? false,
    signal,
  };
}

export function startedMessage(
  run: string,
  dataset: Dataset,
  model: RewardModel,
  options: ScoreOptions,
  notes: readonly string[],
): StartedMessage {
  return {
    run,
    settings: scoringSettings(model, options, notes),
    ...(dataset.rowFormat === undefined ? {} : { rowFormat: dataset.rowFormat }),
    leavesTemplate: model.opened.encoder.template !== undefined && dataset.isPlainText && !options.chat,
  };
}

export function scoringSettings(
  model: RewardModel,
  options: ScoreOptions,
  notes: readonly string[],
): RunSettings {
  const { head, encoder, fingerprint } = model.opened;
  return {
    fingerprint: createHash("sha256").update(`${fingerprint}\n${options.goals.digest}`).digest("base64"),
    device: model.device.provider,
    notes,
    goals: options.goals.names,
    eos: encoder.eos.reason,
    rewardToken: rewardTokenText(encoder),
    maxLength: options.maxLength,
    ...(head ? { head: head.name } : {}),
  };
}

/** Replaces texts that equal the requested completions by null, so that they are not sent back. */
export function answered(
  scored: ScoredRow | BadRow,
  asked: ReadonlyMap<number, DatasetRow>,
): AnsweredRow | BadRow {
  if ("problem" in scored) return scored;
  const completions = asked.get(scored.row)?.completions ?? [];
  const texts = scored.texts.map((text, i) => (text === completions[i]?.completion ? null : text));
  return { ...scored, texts };
}

export function openRequested({ dataset, fields, skipRows, limit }: DatasetRequest): Promise<Dataset> {
  return openDataset(dataset, {
    ...(fields ? { fields } : {}),
    ...(skipRows === undefined ? {} : { skipRows }),
    ...(limit === undefined ? {} : { limit }),
  });
}

/** Yields the rows; throws InputError at the first bad one. */
export async function* withoutBad(rows: AsyncIterable<DatasetRow | BadRow>): AsyncGenerator<DatasetRow> {
  for await (const row of rows) {
    if ("problem" in row) throw new InputError(row.place, row.problem, row.detail);
    yield row;
  }
}
