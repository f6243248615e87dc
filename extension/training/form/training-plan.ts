/** The plan that the fine-tuning form edits: its defaults, and the training settings made from it. Pure. */
import { stemOf } from "../../dialogs/dataset-files";
import {
  defaultLearningRate,
  defaultLoss,
  defaultSettings,
  type Method,
  type TrainSettings,
} from "../../protocol/train-settings";

export interface TrainingPlan {
  /** Name of the run and of its folder. */
  readonly name: string;
  /** Path of the parent folder of the run's folder. */
  readonly place: string;
  readonly method: Method;
  readonly epochs: number;
  /** Largest number of steps; undefined for all steps of the epochs. */
  readonly maxSteps: number | undefined;
  /** Weight λ of the contrastive loss. */
  readonly lambda: number;
  readonly learningRate: number;
  /** Preference pairs per step. */
  readonly batchSize: number;
  /** Longest sequence in tokens, prompt included. */
  readonly maxLength: number;
  /** Held-out share of the prompts, in [0,1). */
  readonly evalShare: number;
}

/** Properties of a model that determine the defaults. */
export interface BaseModel {
  readonly parameters: number;
  readonly maxPositions: number;
}

/** Parameters up to which all weights are trained by default, because that is fast and needs little memory. */
const smallParameters = 20e6;
/** Learning rate of the last training of the default model. */
const smallFullLearningRate = 4e-4;
/** Steps between checkpoints, which a killed run can lose. Whole large models are written less often. */
const saveSteps = { often: 20, seldom: 100 };

export function isSmallModel({ parameters }: BaseModel): boolean {
  return parameters <= smallParameters;
}

export function defaultMethod(model: BaseModel): Method {
  return isSmallModel(model) ? "full" : "lora";
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
    // Training only the head does not change hidden states, so the contrastive loss would have no effect.
    lambda: method === "head" ? 0 : defaultLoss.lambda,
    learningRate:
      method === "full" && isSmallModel(model) ? smallFullLearningRate : defaultLearningRate[method],
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
    saveSteps: method === "full" && !isSmallModel(model) ? saveSteps.seldom : saveSteps.often,
  };
}

/** Default name for a run on a dataset, such as `pairs-lora`, even if it is taken. */
export function usualName(dataset: string, method: Method): string {
  return freeName(`${stemOf(dataset)}-${method}`, []);
}

/** The plan for another dataset, with a new name if the old one was the default. */
export function forDataset(plan: TrainingPlan, before: string, dataset: string): TrainingPlan {
  const usual = usualName(before, plan.method);
  const isUsual = plan.name.startsWith(usual) && /^(?:-\d+)?$/.test(plan.name.slice(usual.length));
  return isUsual ? { ...plan, name: usualName(dataset, plan.method) } : plan;
}

/** A name that is not taken, such as `pairs-lora` or `pairs-lora-2`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const name = wanted.replaceAll(/[^\w.-]+/g, "-").replace(/^[-.]+/, "") || "run";
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}-${i}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
