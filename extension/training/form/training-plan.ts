/** What the fine-tuning form asks for, with defaults that serve, and the settings of the run it comes to. Pure. */

import { stemOf } from "../../dialogs/dataset-files";
import {
  defaultLearningRate,
  defaultLoss,
  defaultSettings,
  type Method,
  type TrainSettings,
} from "../../protocol/train-settings";

export interface TrainingPlan {
  /** Of the run, and of its folder. */
  readonly name: string;
  /** Path of the folder that the run's is made in. */
  readonly place: string;
  readonly method: Method;
  readonly epochs: number;
  /** undefined: as many as the epochs have. */
  readonly maxSteps: number | undefined;
  /** λ */
  readonly lambda: number;
  readonly learningRate: number;
  /** Preference pairs of a step. */
  readonly batchSize: number;
  /** Tokens, prompt included. */
  readonly maxLength: number;
  /** Share of the prompts. */
  readonly evalShare: number;
}

/** What of a model decides the defaults. */
export interface BaseModel {
  readonly parameters: number;
  readonly maxPositions: number;
}

/** Parameters up to which every weight is trained by default: it is quick, and takes little memory. */
const smallParameters = 20e6;
/** That of the default model's own last pass. */
const smallFullLearningRate = 4e-4;
/** Steps that a killed run may lose; whole large models are written less often. */
const saveSteps = { often: 20, seldom: 100 };

export function isSmall({ parameters }: BaseModel): boolean {
  return parameters <= smallParameters;
}

export function defaultMethod(model: BaseModel): Method {
  return isSmall(model) ? "full" : "lora";
}

export function defaultPlan(
  { name, place }: Pick<TrainingPlan, "name" | "place">,
  method: Method,
  model: BaseModel,
): TrainingPlan {
  return {
    name,
    place,
    method,
    epochs: defaultSettings.epochs,
    maxSteps: undefined,
    // The head alone leaves the hidden states, and with them the contrastive loss, as they are.
    lambda: method === "head" ? 0 : defaultLoss.lambda,
    learningRate: method === "full" && isSmall(model) ? smallFullLearningRate : defaultLearningRate[method],
    batchSize: defaultSettings.batchSize,
    maxLength: Math.min(defaultSettings.maxLength, model.maxPositions),
    evalShare: defaultSettings.evalShare,
  };
}

export function planSettings(plan: TrainingPlan, model: BaseModel): TrainSettings {
  const { method, epochs, maxSteps, lambda, learningRate, batchSize, maxLength, evalShare } = plan;
  return {
    ...defaultSettings,
    method,
    epochs,
    ...(maxSteps !== undefined && { maxSteps }),
    loss: { ...defaultLoss, lambda },
    learningRate,
    batchSize,
    maxLength,
    evalShare,
    evalSteps: 50,
    saveSteps: method === "full" && !isSmall(model) ? saveSteps.seldom : saveSteps.often,
  };
}

/** Name for a run on this dataset, taken or not: `pairs-lora`. */
export function usualName(dataset: string, method: Method): string {
  return freeName(`${stemOf(dataset)}-${method}`, []);
}

/** The plan for another dataset: its name goes with it, where it was the usual one. */
export function forDataset(plan: TrainingPlan, before: string, dataset: string): TrainingPlan {
  const usual = usualName(before, plan.method);
  const isUsual = plan.name.startsWith(usual) && /^(?:-\d+)?$/.test(plan.name.slice(usual.length));
  return isUsual ? { ...plan, name: usualName(dataset, plan.method) } : plan;
}

/** Name for a run that is free among those taken: `pairs-lora`, `pairs-lora-2`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const name = wanted.replaceAll(/[^\w.-]+/g, "-").replace(/^[-.]+/, "") || "run";
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}-${i}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
