/** What the fine-tuning form asks for, with defaults that serve, and the settings of the run it comes to. Pure. */
import {
  defaultLearningRate,
  defaultLoss,
  defaultSettings,
  type Method,
  type TrainSettings,
} from "../engine/training/settings";

export interface TrainingPlan {
  /** Of the run, and of its folder. */
  readonly name: string;
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

export function defaultPlan(name: string, method: Method, model: BaseModel): TrainingPlan {
  return {
    name,
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

export function settingsOf(plan: TrainingPlan, model: BaseModel): TrainSettings {
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

/** Name for a run that is free among those taken: `pairs-lora`, `pairs-lora-2`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const name = wanted.replaceAll(/[^\w.-]+/g, "-").replace(/^[-.]+/, "") || "run";
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}-${i}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
