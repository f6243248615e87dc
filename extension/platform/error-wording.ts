/** Words errors for the editor, in which the next step is a setting, a command, or a button. */
import { EngineError, InputError, messageOf } from "../engine/errors";
import { type ByCode, byCode, type ErrorDetail } from "../protocol/errors";

export const manageTrust = { command: "workbench.trust.manage", title: "Manage Workspace Trust" } as const;

/** A command that helps to solve a problem. */
export type NextStep =
  | "rewardInspector.selectModel"
  | "rewardInspector.selectGoal"
  | "rewardInspector.computeGoal"
  | "rewardInspector.openInParts"
  | "rewardInspector.openSamples"
  | "rewardInspector.showLog"
  | "rewardInspector.restartEngine"
  | typeof manageTrust.command;

/** A problem that the editor itself finds, with the commands that help to solve it. */
export class EditorProblem extends Error {
  override name = "EditorProblem";

  constructor(
    message: string,
    readonly steps: readonly NextStep[],
  ) {
    super(message);
  }
}

interface Wording {
  /** Completes the message after a semicolon; undefined if the message and the buttons are enough. */
  readonly advice?: string;
  readonly steps: readonly NextStep[];
}

const otherModel = ["rewardInspector.selectModel", "rewardInspector.showLog"] as const;

const wordings: ByCode<Wording> = {
  "model-missing": ({ model, isHubName }) => ({
    advice: isHubName
      ? `download it, for example with \`hf download ${model}\`, or select another model`
      : "select another model",
    steps: otherModel,
  }),
  "nothing-to-score": () => ({
    advice: "compute a goal state for it, or select another model",
    steps: ["rewardInspector.computeGoal", "rewardInspector.selectModel"],
  }),
  "goal-missing": () => ({ advice: "select another one", steps: ["rewardInspector.selectGoal"] }),
  "base-missing": ({ base }) => ({
    advice:
      base === undefined
        ? "write its base model's folder into its adapter_config.json"
        : "download its base model, or write that model's folder into its adapter_config.json",
    steps: otherModel,
  }),
  "length-invalid": ({ quantity }) => ({
    ...(quantity === "longest sequence" && { advice: "correct the setting rewardInspector.maxLength" }),
    steps: ["rewardInspector.showLog"],
  }),
  "device-unknown": ({ known }) => ({
    advice: `set rewardInspector.device to one of ${known.join(", ")}`,
    steps: ["rewardInspector.showLog"],
  }),
  "fields-unknown": () => ({
    advice: "rename the field with the answer, for example to completion",
    steps: ["rewardInspector.showLog"],
  }),
  "nothing-to-measure": ({ hasGoal }) => ({
    ...(!hasGoal && { advice: "compute one first if the dataset has steps" }),
    steps: ["rewardInspector.showLog"],
  }),
  "memory-short": () => ({
    advice: "choose shorter sequences, or train an adapter or the reward head alone",
    steps: otherModel,
  }),
  "all-held-out": () => ({ advice: "hold out a smaller share", steps: ["rewardInspector.showLog"] }),
  "pairs-too-long": () => ({
    advice: "allow longer sequences if the model supports them",
    steps: ["rewardInspector.showLog"],
  }),
  "training-diverged": () => ({
    advice: "start again with a smaller learning rate",
    steps: ["rewardInspector.showLog"],
  }),
  "file-unwritten": () => ({ steps: ["rewardInspector.showLog"] }),
  "engine-crashed": () => ({ steps: otherModel }),
  untrusted: () => ({
    advice: "trust the workspace, or select another model",
    steps: [manageTrust.command, "rewardInspector.selectModel"],
  }),
};

/** Says what went wrong, where, and what to do next. */
export function errorText(error: unknown): string {
  return withAdvice(messageOf(error), detailOf(error));
}

/** Same as `errorText` without the place, which is already shown. */
export function problemText(error: unknown): string {
  return error instanceof InputError ? withAdvice(error.problem, error.detail) : errorText(error);
}

/** The commands that help to solve a problem. */
export function nextSteps(error: unknown): readonly NextStep[] {
  if (error instanceof EditorProblem) return error.steps;
  const detail = detailOf(error);
  if (detail) return byCode(detail, wordings).steps;
  return error instanceof EngineError
    ? otherModel
    : ["rewardInspector.showLog", "rewardInspector.restartEngine"];
}

function withAdvice(message: string, detail: ErrorDetail | undefined): string {
  const advice = detail && byCode(detail, wordings).advice;
  return advice === undefined ? message : `${message}; ${advice}`;
}

function detailOf(error: unknown): ErrorDetail | undefined {
  return error instanceof EngineError ? error.detail : undefined;
}
