/** What is said of training in the editor. Pure. */

import { count } from "../../display/wording";
import type { StepMetrics } from "../../protocol/metrics";
import type { RunRecord } from "../../protocol/runs";
import type { Method, TrainSettings } from "../../protocol/train-settings";
import type { RunEstimate } from "../../protocol/training";
import type { Standing } from "../../reports/metrics-text";
import { bytes, duration, precisePercent, rounded, thousandths } from "../../reports/quantities";

export const methodNames: Readonly<Record<Method, string>> = {
  full: "Every weight",
  lora: "Adapter (LoRA)",
  head: "Reward head alone",
};

export const methodHelp: Readonly<Record<Method, string>> = {
  full: "Changes most and takes most memory: the choice for small models.",
  lora: "A small addition to every layer, over frozen weights: the choice for large models.",
  head: "Quickest. Q-values stay as they are, as hidden states do; rewards change.",
};

/** A name and what is said under it. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** What a run will come to. */
export function estimateFacts(estimate: RunEstimate, settings: TrainSettings): Fact[] {
  const { trainingPairs, evaluationPairs, leftOut, parameters, trainableParameters, memory } = estimate;
  const { weights, optimizer, activations, total, available } = memory;
  const parts = [
    // Those that are trained are the optimizer's.
    ...(weights > 0 ? [`frozen weights ${bytes(weights)}`] : []),
    `trained weights and optimizer ${bytes(optimizer)}`,
    `a batch ${bytes(activations)}`,
  ];
  const reasons = Object.entries(leftOut).map(
    ([reason, times]) => `${times.toLocaleString("en")} × ${reason}`,
  );
  return [
    {
      name: "Pairs",
      text: `${trainingPairs.toLocaleString("en")} to train on, ${evaluationPairs.toLocaleString("en")} held out`,
    },
    ...(reasons.length > 0 ? [{ name: "Left out", text: reasons.join(", ") }] : []),
    { name: "Trained", text: `${rounded(trainableParameters)} parameters of ${rounded(parameters)}` },
    { name: "Memory", text: `about ${bytes(total)}, and ${bytes(available)} are free` },
    { name: "Most of it", text: parts.join(", ") },
    { name: "Steps", text: stepsText(estimate, settings) },
    { name: "Time", text: timeText(estimate) },
  ];
}

function stepsText({ steps, tokensPerStep }: RunEstimate, { batchSize }: TrainSettings): string {
  const tokens = Math.round(tokensPerStep).toLocaleString("en");
  return `${count(steps, "step")} of up to ${count(batchSize, "pair")}, about ${tokens} tokens each`;
}

function timeText({ seconds }: RunEstimate): string {
  return seconds === undefined
    ? "known after the first steps: this model is too large to try one beforehand"
    : `about ${duration(Math.max(1, seconds))}, by a step that was tried`;
}

/** What speaks against starting as it is. */
export function estimateWarnings(
  { steps, evaluationPairs }: RunEstimate,
  { method, loss }: TrainSettings,
): string[] {
  const warnings: string[] = [];
  if (steps < 10)
    warnings.push(`${count(steps, "step")} will change little; more epochs would train longer.`);
  if (evaluationPairs === 0)
    warnings.push("No pairs are held out, so nothing will tell how well the model does on others.");
  if (method === "head" && loss.lambda > 0)
    warnings.push(
      "The reward head alone leaves hidden states as they are, so the contrastive loss changes nothing.",
    );
  return warnings;
}

/** Of a progress notification, when no steps are left, and when the user wants no more for now. */
export const finishingText = "writing the model";
export const pausingText = "pausing after this step";

/** Of a progress notification. */
export function progressText(row: StepMetrics, { steps, accuracy, secondsLeft }: Standing): string {
  return [
    `step ${row.step}/${steps}`,
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
    `loss ${thousandths(row.loss)}`,
    ...(accuracy === undefined ? [] : [`accuracy ~${precisePercent(accuracy)}`]),
  ].join(" · ");
}

export function pausedText({ name, step, steps }: RunRecord): string {
  return step === 0
    ? `Training ${name} is paused before its first step. It can be resumed.`
    : `Training ${name} is paused after step ${step} of ${steps}. It can be resumed.`;
}

export function trainedText({ name, status, step, best, evaluationPairs }: RunRecord): string {
  const how = status === "stopped" ? ` It was ended after ${count(step, "step")}.` : "";
  if (!best) return `${name} is trained.${how}`;
  const accuracy = best.accuracy === undefined ? "" : `accuracy ${precisePercent(best.accuracy)}, `;
  return `${name} is trained.${how} On ${count(evaluationPairs, "held-out pair")}: ${accuracy}loss ${thousandths(best.loss)}, best after step ${best.step}.`;
}

/** Of runs that ended with their window. */
export function interruptedText(records: readonly Pick<RunRecord, "name" | "step" | "steps">[]): string {
  const [first, ...others] = records;
  if (!first) return "";
  if (others.length > 0)
    return `${records.length} trainings ended with their window: ${records.map(({ name }) => name).join(", ")}.`;
  const from = first.step === 0 ? "from its start" : `from step ${first.step} of ${first.steps}`;
  return `Training ${first.name} ended with its window. It can go on ${from}.`;
}
