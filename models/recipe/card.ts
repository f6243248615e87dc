/** The default model's card: what the model is and how it was measured, good or bad. */
import type { MeanInterval } from "../../extension/engine/evaluation/intervals";
import { type Comparison, type Figure, figures, readComparison } from "./compare";
import { mostSolutions, type RealFile, type RealResults, readRealData, realFiles } from "./real-data";
import { architecture, compared, reward, secondPass, sizes, warmUp } from "./recipe";
import type { FreshProblems } from "./stages";
import { most } from "./word-problems/arithmetic";

/** @param folder the folder of the stages; its comparison and real-data results are included if they exist */
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
    `knows one small thing well: elementary word problems of two to six steps with numbers up to ${most}. It tells`,
    "correct solutions from incorrect ones, and its low Q-values show where a solution goes wrong. It is meant for a first",
    "look at what Reward Inspector does, not for any other use.",
  ].join("\n");
}

const names: Readonly<Record<Figure, string>> = {
  pairAccuracy: "pair accuracy",
  auroc: "AUROC of correct against incorrect",
  inWrongStep: "first low-Q token is in the incorrect step",
  falseAlarms: "correct solutions with a low-Q token",
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
    `${sizes.test.toLocaleString("en")} problems from the same generator. None of them is in the training data, not even with other names or objects.`,
    "A token is low if its Q-value is below 0; the first five tokens are ignored. A token drawn at random is in the",
    `incorrect step in ${percent(chance)} of the incorrect solutions.`,
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
    `Means over ${seeds} seeds with 95% intervals (Student's t), for runs of ${steps(compared.contrastive)} with the same data, warm-up,`,
    "steps and seeds, with and without the contrastive loss. Without it, hidden states are not trained to move away from the",
    "goal state, so the last two rows only show what the cosine happens to be.",
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
    `AUROC of correct against incorrect solutions (the first ${mostSolutions.toLocaleString("en")} of each file), which other models wrote for`,
    "problems from public datasets; 50% is chance. The model has never seen such text: the table shows that what it learned",
    "on a small domain does not transfer.",
  ].join("\n");
}

function making(): string {
  return [
    "`npm run train:default` trains it from scratch on two CPU cores, generating its data first:",
    "",
    `1. ${sizes.pairs.toLocaleString("en")} generated problems, each with a correct solution and one with a planted mistake (slip, wrong operand,`,
    "   wrong operation, dropped step, result not carried over) that is carried through to the answer; and a byte-level BPE",
    "   tokenizer trained on them, in which every digit is a token.",
    `2. Language-model warm-up on correct solutions: ${steps(warmUp)} of ${warmUp.batchSize} solutions, AdamW at ${warmUp.learningRate}.`,
    `3. Ranking + ${reward.loss.lambda} · contrastive + ${reward.loss.lmWeight} · language model: ${steps(reward)}, ${reward.batchSize} pairs per step, AdamW at ${reward.learningRate}; tokens`,
    "   are ranked, and negatives drawn, from the token at which the two solutions diverge.",
    `4. The same for another ${steps(secondPass)}, AdamW at ${secondPass.learningRate}.`,
  ].join("\n");
}

function steps({ maxSteps, epochs }: { maxSteps?: number | undefined; epochs: number }): string {
  if (maxSteps !== undefined) return `${maxSteps.toLocaleString("en")} steps`;
  return epochs === 1 ? "one pass over all pairs" : `${epochs} passes over all pairs`;
}

const limits = [
  "- Rewards are comparable only between completions of one prompt.",
  `- Numbers above ${most}, decimals, other wording or other subjects: it guesses.`,
  "- It knows the mistakes that the generator plants, not the ones that people make.",
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
