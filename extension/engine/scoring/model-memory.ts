/** Estimates the memory of a loaded model and refuses models that do not fit. */

import type { MemoryEstimate } from "../../protocol/models";
import type { StoredTensor } from "../model-folder/safetensors";
import {
  checkFits,
  defaultBatchTokens,
  defaultMaxLength,
  estimateMemory,
  type ScoringUse,
} from "../runtime/memory";
import type { OpenedModel } from "./reward-model";

/** Estimates the memory in bytes for a use; missing values of `use` have their defaults. */
export function memoryOf(opened: OpenedModel, use: Partial<ScoringUse> = {}): MemoryEstimate {
  return estimateMemory(opened.decoder.shape, scoredTensors(opened), {
    batchTokens: use.batchTokens ?? defaultBatchTokens,
    maxLength: use.maxLength ?? defaultMaxLength,
    keeps: use.keeps ?? false,
  });
}

/** Throws InputError, with the numbers, if the model needs more than `available` bytes. */
export function checkModelFits(opened: OpenedModel, use: Partial<ScoringUse>, available: number): void {
  checkFits(memoryOf(opened, use), available, opened.checkpoint.folder);
}

/** Returns the tensors that scoring uses, without those for images and the LM head. */
function scoredTensors({ checkpoint, decoder }: OpenedModel): StoredTensor[] {
  const names = [...checkpoint.tensors.keys()];
  const landmark = names.find((name) => name.endsWith(decoder.landmark)) ?? "";
  const prefix = landmark.slice(0, landmark.length - decoder.landmark.length);
  const scored = [...checkpoint.tensors].filter(
    ([name]) => name.startsWith(prefix) && !/(^|\.)(lm_head|embed_out)\.weight$/.test(name),
  );
  return [...scored.map(([, tensor]) => tensor), ...(checkpoint.adapter?.lowRankTensors() ?? [])];
}
