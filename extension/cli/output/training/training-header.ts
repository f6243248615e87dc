/** What is printed about a training run before its first step. */
import { count } from "../../../display/wording";
import type { RunRecord } from "../../../protocol/runs";
import { contrastiveFloor, type TrainSettings } from "../../../protocol/train-settings";
import type { TrainStartedMessage } from "../../../protocol/training";
import { bytes, rounded, thousandths } from "../../../reports/quantities";
import { table } from "../table";
import { shellQuoted } from "../terminal/shell";

export function trainingHeader({ record, memory, folder }: TrainStartedMessage): string {
  const { weights, optimizer, activations, total, available } = memory;
  const parts = `weights ${bytes(weights)}, optimizer ${bytes(optimizer)}, a batch ${bytes(activations)}`;
  return table([
    ["data", dataText(record)],
    ...Object.entries(record.leftOut).map(([reason, times]) => [
      "left out",
      `${times.toLocaleString("en")} × ${reason}`,
    ]),
    ["model", shellQuoted(record.model)],
    ["trained", trainedText(record)],
    ["loss", lossText(record.settings)],
    ["memory", `about ${bytes(total)} (${parts}); ${bytes(available)} are free`],
    ["steps", stepsText(record)],
    ["device", record.device],
    ["run", shellQuoted(folder)],
  ]);
}

/** Warnings about settings that defeat their purpose. */
export function settingWarnings({ settings, evaluationPairs }: RunRecord): string[] {
  const { method, objective, loss } = settings;
  const warnings: string[] = [];
  if (method === "head" && objective === "reward" && loss.lambda > 0)
    warnings.push(
      "--method head does not change the hidden states, so the contrastive loss has no effect; " +
        "use --method lora or full, or drop that loss with --lambda 0",
    );
  if (evaluationPairs === 0) warnings.push("no pairs are held out, so the model will not be evaluated");
  return warnings;
}

function dataText({ data, trainingPairs, evaluationPairs, settings }: RunRecord): string {
  const noun = settings.objective === "reward" ? "pair" : "completion";
  return `${shellQuoted(data.path)}: ${count(trainingPairs, noun)} to train on, ${evaluationPairs.toLocaleString("en")} held out`;
}

function trainedText({ settings, trainableParameters, parameters }: RunRecord): string {
  const { method, lora, objective } = settings;
  const head = objective === "reward" ? " and the reward head" : "";
  const what = {
    head: "the reward head",
    lora: `a LoRA adapter of rank ${lora.rank}${head}`,
    full: `every weight${head}`,
  }[method];
  return `${what}: ${rounded(trainableParameters)} parameters, of ${rounded(parameters)} in the model`;
}

function lossText({ objective, loss }: TrainSettings): string {
  if (objective === "language-model") return "language model, on chosen completions";
  const { lambda, lmWeight, rewardCentering } = loss;
  const floor =
    lambda > 0
      ? `; the contrastive loss cannot fall below ${thousandths(contrastiveFloor)}, so ${thousandths(lambda * contrastiveFloor)} of the loss remains`
      : "";
  const terms = [
    "ranking",
    ...(lambda > 0 ? [`${lambda} · contrastive`] : []),
    ...(lmWeight > 0 ? [`${lmWeight} · language model`] : []),
    ...(rewardCentering > 0 ? [`${rewardCentering} · (chosen + rejected reward)²`] : []),
  ];
  return terms.join(" + ") + floor;
}

function stepsText({ steps, step, settings, evaluationPairs }: RunRecord): string {
  const { batchSize, evalSteps, saveSteps, learningRate } = settings;
  const facts = [
    `${steps.toLocaleString("en")} of ${batchSize} pairs`,
    ...(step > 0 ? [`${step.toLocaleString("en")} of them done`] : []),
    `learning rate ${learningRate}`,
    ...(evaluationPairs > 0 ? [`evaluated every ${evalSteps}`] : []),
    `checkpoint every ${saveSteps}`,
  ];
  return facts.join(", ");
}
