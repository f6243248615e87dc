/** The default model's card: what it is, and what was measured, good or bad. */
import type { MeanInterval } from "../../extension/engine/evaluation/intervals";
import { type Comparison, type Figure, figures, readComparison } from "./compare";
import { mostSolutions, type RealFile, type RealResults, readRealData, realFiles } from "./real-data";
import { architecture, compared, reward, secondPass, sizes, warmUp } from "./recipe";
import type { FreshProblems } from "./stages";
import { most } from "./word-problems/arithmetic";

/** folder: of the stages; its comparison and real-data results are told of where they are there. */
export async function defaultCard(
  folder: string,
  parameters: number,
  measured: FreshProblems,
): Promise<string> {
  const [comparison, real] = [await readComparison(folder), await readRealData(folder)];
  return `${[
    frontMatter,
    "# The default model of Reward Inspector",
    introduction(parameters),
    "## On fresh problems",
    freshTable(measured),
    ...(comparison ? ["### What the contrastive loss brings", comparisonTable(comparison)] : []),
    ...(real ? ["## On real data", realTable(real)] : []),
    "## How it was made",
    making(),
    "## Limits",
    limits,
  ].join("\n\n")}\n`;
}

const frontMatter = [
  "---",
  "library_name: transformers",
  "pipeline_tag: text-classification",
  "license: mit",
  "tags:",
  "- reward-model",
  "- reward-inspector",
  "---",
].join("\n");

function introduction(parameters: number): string {
  const { num_hidden_layers: layers, hidden_size: width } = architecture;
  return [
    `A reward model of ${(parameters / 1e6).toFixed(1)} million parameters (a Llama-like decoder, ${layers} layers of width ${width}) that`,
    `knows one small thing well: elementary word problems of two to six steps with numbers up to ${most}. It tells right`,
    "solutions from wrong ones and shows, by low Q-values, where a solution goes wrong. It is meant for a first look at",
    "what Reward Inspector does, not for use on anything else.",
  ].join("\n");
}

const names: Readonly<Record<Figure, string>> = {
  pairAccuracy: "pair accuracy",
  auroc: "AUROC of right against wrong",
  inWrongStep: "first low-Q token lies in the wrong step",
  falseAlarms: "right solutions with a low-Q token",
};

function freshTable(measured: FreshProblems): string {
  const rows = (Object.keys(figures) as Figure[]).map((figure) => [
    names[figure],
    percent(figures[figure](measured)),
  ]);
  const { localization } = measured.steps;
  const chance = localization?.preferred?.chance;
  return [
    table(["measure", "value"], rows),
    "",
    `${sizes.test.toLocaleString("en")} problems of the same generator, none of them, nor one like it under other names, in the training data.`,
    "A token is low where its Q-value is below 0; the first five tokens are not looked at. A token drawn at random",
    `lies in the wrong step in ${percent(chance)} of the wrong solutions.`,
  ].join("\n");
}

function comparisonTable({ seeds, contrastive, ranking }: Comparison): string {
  const rows = (Object.keys(figures) as Figure[]).map((figure) => [
    names[figure],
    spread(contrastive[figure]),
    spread(ranking[figure]),
  ]);
  return [
    table(["measure", `ranking + ${compared.contrastive.loss.lambda} · contrastive`, "ranking alone"], rows),
    "",
    `Means over ${seeds} seeds with 95% intervals (Student's t), of runs of ${steps(compared.contrastive)}: the same data, warm-up, steps`,
    "and seeds with the loss and without. Without it nothing has taught hidden states to keep away from the goal state, so the last two rows say",
    "only what the cosine happens to do.",
  ].join("\n");
}

function realTable(results: RealResults): string {
  const losses = Object.keys(results);
  const rows = (Object.keys(realFiles) as RealFile[]).flatMap((file) => {
    const first = results[losses[0] ?? ""]?.[file];
    if (!first) return [];
    const cells = losses.flatMap((loss) => [
      spread(results[loss]?.[file]?.pooled),
      spread(results[loss]?.[file]?.withinSource),
    ]);
    return [[file, first.completions.toLocaleString("en"), ...cells]];
  });
  const heads = losses.flatMap((loss) => [`${loss}: pooled`, `${loss}: within a source`]);
  return [
    table(["data", "solutions", ...heads], rows),
    "",
    `AUROC of right against wrong solutions (the first ${mostSolutions.toLocaleString("en")} of each file), which other models wrote to other people's problems; 50 % is chance. The`,
    "model has never seen such text: it is here to show how far a small domain reaches, which is not far.",
  ].join("\n");
}

function making(): string {
  return [
    "`npm run train:default` makes it from nothing, its data included, on two CPU cores:",
    "",
    `1. ${sizes.pairs.toLocaleString("en")} generated problems, each with a right solution and one with a planted mistake (slip, wrong operand, wrong`,
    "   operation, dropped step, answer not carried over) that is carried through; a byte-level BPE tokenizer of its own,",
    "   every digit a token.",
    `2. Language-model warm-up on right solutions: ${steps(warmUp)}, ${warmUp.batchSize} a step, AdamW ${warmUp.learningRate}.`,
    `3. Ranking + ${reward.loss.lambda} · contrastive + ${reward.loss.lmWeight} · language model: ${steps(reward)}, ${reward.batchSize} pairs a step, AdamW ${reward.learningRate}; tokens`,
    "   are ranked, and negatives drawn, from where the wrong solution has left the right one.",
    `4. The same again for ${steps(secondPass)}, AdamW ${secondPass.learningRate}.`,
  ].join("\n");
}

function steps({ maxSteps, epochs }: { maxSteps?: number | undefined; epochs: number }): string {
  if (maxSteps !== undefined) return `${maxSteps.toLocaleString("en")} steps`;
  return epochs === 1 ? "one pass over all pairs" : `${epochs} passes over all pairs`;
}

const limits = [
  "- Rewards are comparable only between completions of one prompt.",
  `- Numbers above ${most}, decimals, other wording, other subjects: it guesses.`,
  "- It knows the mistakes that the generator plants, not those that people make.",
].join("\n");

function percent(value: number | undefined): string {
  return value === undefined ? "–" : `${(100 * value).toFixed(1)}%`;
}

function spread(value: MeanInterval | undefined): string {
  if (!value) return "–";
  const half = value.interval && (value.interval.high - value.interval.low) / 2;
  return half === undefined
    ? percent(value.mean)
    : `${(100 * value.mean).toFixed(1)} ± ${(100 * half).toFixed(1)}%`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
