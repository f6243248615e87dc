/** Checks requests, and refuses values that would lead to wrong numbers. */
import type { EvaluateRequest } from "../protocol/evaluation";
import { type ModelRequest, providers } from "../protocol/models";
import { InputError } from "./errors";

/** Throws InputError if a length is not a whole number above 0, or if there is no such device. */
export function checkModel({
  device,
  maxLength,
  batchTokens,
}: Pick<ModelRequest, "device" | "maxLength" | "batchTokens">): void {
  if (maxLength !== undefined) checkTokens(maxLength, "longest sequence");
  if (batchTokens !== undefined) checkTokens(batchTokens, "batch");
  if (device === "auto" || providers.includes(device)) return;
  throw new InputError("device", `there is no device ${JSON.stringify(device)}`, {
    code: "device-unknown",
    data: { known: ["auto", ...providers] },
  });
}

/** Throws InputError if the threshold is not in [-1, 1], or if `skip` is not a whole number of tokens. */
export function checkEvaluation({ threshold, skip }: Pick<EvaluateRequest, "threshold" | "skip">): void {
  if (!(threshold >= -1 && threshold <= 1))
    throw new InputError("threshold", `is ${threshold}; Q-values are numbers in [-1, 1]`);
  if (!Number.isSafeInteger(skip) || skip < 0)
    throw new InputError("skip", `is ${skip}; give a whole number of tokens, 0 or more`);
}

function checkTokens(tokens: unknown, quantity: "longest sequence" | "batch"): void {
  if (Number.isSafeInteger(tokens) && Number(tokens) >= 1) return;
  throw new InputError(quantity, `is ${JSON.stringify(tokens)} tokens, expected a whole number above 0`, {
    code: "length-invalid",
    data: { quantity },
  });
}
