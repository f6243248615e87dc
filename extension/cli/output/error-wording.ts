/** Error messages for the terminal: what to do next is a flag or a command to type. */
import { EngineError, messageOf } from "../../engine/errors";
import { type ByCode, byCode, type ErrorDetail } from "../../protocol/errors";

/** Completes the message after a semicolon; undefined if the message says it all. */
const advice: ByCode<string | undefined> = {
  "model-missing": ({ model, isHubName }) =>
    isHubName
      ? `download it first, for example with \`hf download ${model}\`, or give the folder that holds it`
      : "give the folder that holds config.json and model.safetensors",
  "nothing-to-score": () => "make a goal state with `reward-inspector goal`, or name one with --goal",
  "goal-missing": () => "make one with `reward-inspector goal`, or give a .npy or .safetensors file",
  "base-missing": () => "name its base model's folder with --base",
  "length-invalid": ({ quantity }) =>
    `give --${quantity === "batch" ? "batch-tokens" : "max-length"} a whole number above 0`,
  "device-unknown": ({ known }) => `give --device one of ${known.join(", ")}`,
  "fields-unknown": ({ fields: [first = "answer"] }) =>
    `name the one that holds the answer, for example with --field completion=${first}`,
  "nothing-to-measure": ({ hasGoal }) =>
    hasGoal ? undefined : "if the dataset has steps, make a goal state with `reward-inspector goal`",
  "memory-short": () => "give a smaller --batch-tokens or --max-length, or --method lora or head",
  "all-held-out": () => "give a smaller --eval-share",
  "pairs-too-long": () => "give a larger --max-length, if the model supports it",
  "training-diverged": () => "start again with a smaller --learning-rate",
  "file-unwritten": () => undefined,
  "engine-crashed": () => undefined,
  untrusted: () => undefined,
};

/** What went wrong, where, and what to do next. */
export function terminalErrorText(error: unknown): string {
  return withAdvice(messageOf(error), error instanceof EngineError ? error.detail : undefined);
}

export function withAdvice(problem: string, detail: ErrorDetail | undefined): string {
  const next = detail && byCode(detail, advice);
  return next === undefined ? problem : `${problem}; ${next}`;
}
