/** Converts the flags of `setting-flags.ts` to training settings. */
import {
  defaultLearningRate,
  type HeadKind,
  type Method,
  type NegativeRange,
  type Objective,
  type Ranking,
  type Schedule,
  type TrainingGoal,
  type TrainSettings,
  type Window,
} from "../../protocol/train-settings";

/** Values of the flags, by the names that commander gives them. */
export interface SettingFlags {
  readonly method: Method;
  readonly objective: Objective;
  readonly head: HeadKind;
  readonly lambda: number;
  readonly lmWeight: number;
  readonly rewardCentering: number;
  readonly samples: number;
  readonly goalStrategy: TrainingGoal;
  readonly negatives: NegativeRange;
  readonly ranking: Ranking;
  readonly allPairs?: boolean;
  readonly sourceWindow: Window;
  readonly goalWindow: Window;
  readonly loraRank: number;
  readonly loraAlpha: number;
  readonly loraTargets: readonly string[];
  readonly loraDropout: number;
  readonly epochs: number;
  readonly maxSteps?: number;
  readonly pairsPerPrompt: number;
  readonly batchSize: number;
  readonly batchTokens: number;
  readonly learningRate?: number;
  readonly schedule: Schedule;
  readonly warmup: number;
  readonly weightDecay: number;
  readonly maxGradNorm: number;
  readonly maxLength: number;
  readonly evalShare: number;
  readonly evalPairs: number;
  readonly evalSteps: number;
  readonly patience: number;
  readonly saveSteps: number;
  readonly keep: number;
  readonly seed: number;
}

export function settingsOfFlags(flags: SettingFlags): TrainSettings {
  return {
    method: flags.method,
    objective: flags.objective,
    head: flags.head,
    loss: {
      ranking: flags.ranking,
      lambda: flags.lambda,
      lmWeight: flags.lmWeight,
      rewardCentering: flags.rewardCentering,
      samples: flags.samples,
      goal: flags.goalStrategy,
      negatives: flags.negatives,
      allPairs: flags.allPairs ?? false,
      sourceWindow: flags.sourceWindow,
      goalWindow: flags.goalWindow,
    },
    lora: {
      rank: flags.loraRank,
      alpha: flags.loraAlpha,
      targets: flags.loraTargets,
      dropout: flags.loraDropout,
    },
    epochs: flags.epochs,
    ...(flags.maxSteps === undefined ? {} : { maxSteps: flags.maxSteps }),
    pairsPerPrompt: flags.pairsPerPrompt,
    batchSize: flags.batchSize,
    batchTokens: flags.batchTokens,
    learningRate: flags.learningRate ?? defaultLearningRate[flags.method],
    schedule: flags.schedule,
    warmup: flags.warmup,
    weightDecay: flags.weightDecay,
    maxGradNorm: flags.maxGradNorm,
    maxLength: flags.maxLength,
    evalShare: flags.evalShare,
    evalPairs: flags.evalPairs,
    evalSteps: flags.evalSteps,
    patience: flags.patience,
    saveSteps: flags.saveSteps,
    keep: flags.keep,
    seed: flags.seed,
  };
}
