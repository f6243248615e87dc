/** Writes the model card (README.md) of a trained model: https://huggingface.co/docs/hub/model-cards */
import type { EvaluationMetrics, MetricsRow, PairMetrics } from "../../../protocol/metrics";
import type { RunRecord } from "../../../protocol/runs";
import { contrastiveFloor } from "../../../protocol/train-settings";
import { hubName, lastPart, type Usage, usage } from "./model-usage";

/** Facts on the card that the run's record does not have. */
export interface CardDetails extends Usage {
  /** Step after which the model was taken. */
  readonly step: number;
}

/**
 * Returns the card's text. Local paths are shortened to their last part, because cards get published.
 */
export function modelCard(record: RunRecord, metrics: readonly MetricsRow[], details: CardDetails): string {
  const isReward = record.settings.objective === "reward";
  const sections = [
    frontMatter(record, isReward),
    `# ${line(record.name)}`,
    summary(record, details, isReward),
    "## Results",
    results(metrics, details.step),
    "## Use",
    usage(record, details),
    "## Limits",
    limits(record, isReward),
    "## Training data",
    trainingData(record),
    "## Settings",
    settingsTable(record),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** YAML front matter. JSON strings are valid YAML. */
function frontMatter({ model, settings: { method } }: RunRecord, isReward: boolean): string {
  const base = hubName(model);
  return [
    "---",
    `library_name: ${method === "lora" ? "peft" : "transformers"}`,
    ...(base === undefined ? [] : [`base_model: ${JSON.stringify(base)}`]),
    `pipeline_tag: ${isReward ? "text-classification" : "text-generation"}`,
    "tags:",
    ...(isReward ? ["- reward-model"] : []),
    ...(method === "lora" ? ["- lora"] : []),
    "- reward-inspector",
    "---",
  ].join("\n");
}

const methodNames = {
  head: "its reward head was trained, its other weights are the base's",
  lora: "a low-rank adapter (LoRA) was trained, with the reward head",
  full: "all of its weights were trained",
} as const;

function summary(record: RunRecord, { step }: CardDetails, isReward: boolean): string {
  const { model, settings, trainableParameters, parameters, steps, status, reason, versions } = record;
  const kind = isReward
    ? "A reward model: it gives a completion of a prompt one number, which is higher the more people would prefer it."
    : "A language model, trained on preferred completions only. It does not give rewards.";
  const how =
    settings.method === "lora" && !isReward
      ? "a low-rank adapter (LoRA) was trained"
      : methodNames[settings.method];
  const end =
    status === "stopped" || status === "failed"
      ? ` The run ${status} early${reason === undefined ? "" : `: ${line(reason)}`}.`
      : "";
  return [
    kind,
    `It started from ${code(hubName(model) ?? lastPart(model))}; ${how} (${count(trainableParameters)} of ` +
      `${count(parameters)} parameters), in ${count(step)} of ${count(steps)} planned steps.${end}`,
    `Made with Reward Inspector ${versions.rewardInspector}, after *Learning Goal-Conditioned Representations for Language ` +
      "Reward Models* ([arXiv 2407.13887](https://arxiv.org/abs/2407.13887)).",
  ].join("\n");
}

function trainingData({ data, trainingPairs, evaluationPairs, leftOut }: RunRecord): string {
  return table([
    ["", ""],
    ["file", `${code(lastPart(data.path))}, ${count(data.bytes)} bytes`],
    ["SHA-256", code(data.sha256)],
    ["pairs trained on", count(trainingPairs)],
    ["pairs held out", count(evaluationPairs)],
    ...Object.entries(leftOut).map(([reason, rows]) => [`rows left out: ${reason}`, count(rows)]),
  ]);
}

const columns = {
  loss: "loss",
  rankingLoss: "L_R",
  contrastiveLoss: "L_C",
  lmLoss: "L_LM",
  accuracy: "accuracy",
  margin: "margin",
  chosenReward: "chosen reward",
  rejectedReward: "rejected reward",
} as const satisfies Record<keyof PairMetrics, string>;

function results(metrics: readonly MetricsRow[], step: number): string {
  const evaluations = metrics.filter((row) => row.kind === "evaluation");
  const lastStep = metrics.filter((row) => row.kind === "step" && row.step <= step).at(-1);
  const rows = [...shown(evaluations, step), ...(lastStep ? [lastStep] : [])];
  if (rows.length === 0) return "Nothing was measured.";
  const keys = (Object.keys(columns) as (keyof PairMetrics)[]).filter((key) =>
    rows.some((row) => row[key] !== undefined),
  );
  const lines = rows.map((row) => [
    row.kind === "step" ? "last step of training" : `${count(row.pairs)} held-out pairs`,
    count(row.step),
    ...keys.map((key) => number(row[key])),
  ]);
  const notes = [
    ...(evaluations.length === 0
      ? ["No pairs were held out, so its accuracy on other data is unknown."]
      : []),
    ...(keys.includes("accuracy")
      ? ["Accuracy is the share of pairs whose chosen completion has the higher reward."]
      : []),
    ...(keys.includes("contrastiveLoss")
      ? [
          `The contrastive loss L_C cannot fall below ${number(contrastiveFloor)} (−2·ln σ(1)), because cosines are in [-1, 1].`,
        ]
      : []),
  ];
  return [table([["", "step", ...keys.map((key) => columns[key])], ...lines]), ...notes].join("\n\n");
}

/** Returns the first evaluation and the last one up to `step`. */
function shown(evaluations: readonly EvaluationMetrics[], step: number): EvaluationMetrics[] {
  const until = evaluations.filter((row) => row.step <= step);
  return [...new Set([until[0], until.at(-1)])].filter((row) => row !== undefined);
}

function limits({ settings, evaluationPairs }: RunRecord, isReward: boolean): string {
  return [
    ...(isReward
      ? [
          "- Rewards are comparable only between completions of one prompt: only their differences have a meaning.",
          "- It prefers what its training data prefers, including the data's mistakes and biases.",
        ]
      : []),
    ...(evaluationPairs > 0
      ? ["- Held-out pairs are from the same file as the training pairs: other data may be harder."]
      : []),
    `- It was trained on sequences of at most ${count(settings.maxLength)} tokens, prompt included.`,
  ].join("\n");
}

function settingsTable({ settings }: RunRecord): string {
  const { loss, lora, ...own } = settings;
  const groups = [
    ["", own],
    ["loss.", loss],
    ...(settings.method === "lora" ? ([["lora.", lora]] as const) : []),
  ] as const;
  const rows = groups.flatMap(([prefix, group]) =>
    Object.entries(group)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        code(prefix + name),
        code(Array.isArray(value) ? JSON.stringify(value) : String(value)),
      ]),
  );
  return table([["setting", "value"], ...rows]);
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const written = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [written(head), `|${" --- |".repeat(head.length)}`, ...rows.map(written)].join("\n");
}

function cell(text: string): string {
  return line(text).replaceAll("|", "\\|");
}

function line(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** Formats a number with four significant digits. */
function number(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(4)));
}

function count(value: number): string {
  return value.toLocaleString("en");
}
