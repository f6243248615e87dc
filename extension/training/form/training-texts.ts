/** Texts about training in the editor. Pure. */

import { count } from "../../display/wording";
import type { StepMetrics } from "../../protocol/metrics";
import type { RunRecord } from "../../protocol/runs";
import type { Method, TrainSettings } from "../../protocol/train-settings";
import type { RunEstimate } from "../../protocol/training";
import type { Standing } from "../../reports/metrics-text";
import { bytes, duration, precisePercent, rounded, thousandths } from "../../reports/quantities";

export const methodNames: Readonly<Record<Method, string>> = {
  full: "All weights",
  lora: "Adapter (LoRA)",
  head: "Reward head alone",
};

export const methodHelp: Readonly<Record<Method, string>> = {
  full: "Changes the model most and needs the most memory; recommended for small models.",
  lora: "Trains a small addition to every layer over frozen weights; recommended for large models.",
  head: "Fastest; changes rewards, but not hidden states or Q-values.",
};

/** A name and its text. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** Describes the estimate of a run. */
export function estimateFacts(estimate: RunEstimate, settings: TrainSettings): Fact[] {
  const { trainingPairs, evaluationPairs, leftOut, parameters, trainableParameters, memory } = estimate;
  const { weights, optimizer, activations, total, available } = memory;
  const parts = [
    // `weights` are the frozen ones; `optimizer` includes the trained ones.
    ...(weights > 0 ? [`frozen weights ${bytes(weights)}`] : []),
    `trained weights and optimizer ${bytes(optimizer)}`,
    `one batch ${bytes(activations)}`,
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
    { name: "Memory", text: `about ${bytes(total)}; ${bytes(available)} available` },
    { name: "Memory use", text: parts.join(", ") },
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
    ? "known after the first steps, because this model is too large to measure one first"
    : `about ${duration(Math.max(1, seconds))}, measured on one step`;
}

/** Reasons not to start the run as planned. */
export function estimateWarnings(
  { steps, evaluationPairs }: RunEstimate,
  { method, loss }: TrainSettings,
): string[] {
  const warnings: string[] = [];
  if (steps < 10)
    warnings.push(`${count(steps, "step")} will change little; use more epochs to train longer.`);
  if (evaluationPairs === 0)
    warnings.push("No pairs are held out, so the model cannot be evaluated on data it was not trained on.");
  if (method === "head" && loss.lambda > 0)
    warnings.push(
      "The reward head alone does not change hidden states, so the contrastive loss has no effect.",
    );
  return warnings;
}

/** Progress messages after the last step, and after the user has asked for a pause. */
export const finishingText = "writing the model";
export const pausingText = "pausing after this step";

/** Progress message after a step. */
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
    ? `Training ${name} is paused before its first step; you can resume it.`
    : `Training ${name} is paused after step ${step} of ${steps}; you can resume it.`;
}

export function trainedText({ name, status, step, best, evaluationPairs }: RunRecord): string {
  const trained = `${name} is trained${status === "stopped" ? `, ended after ${count(step, "step")}` : ""}`;
  if (!best) return `${trained}.`;
  const accuracy = best.accuracy === undefined ? "" : `accuracy ${precisePercent(best.accuracy)}, `;
  const pairs = count(evaluationPairs, "held-out pair");
  return `${trained}: ${accuracy}loss ${thousandths(best.loss)} on ${pairs}, best after step ${best.step}.`;
}

/** Message about runs that were interrupted when their window closed. */
export function interruptedText(records: readonly Pick<RunRecord, "name" | "step" | "steps">[]): string {
  const [first, ...others] = records;
  if (!first) return "";
  if (others.length > 0) {
    const names = records.map(({ name }) => name).join(", ");
    return `${records.length} training runs were interrupted when their window closed: ${names}.`;
  }
  const from = first.step === 0 ? "from its start" : `from step ${first.step} of ${first.steps}`;
  return `Training ${first.name} was interrupted when its window closed; it can resume ${from}.`;
}
