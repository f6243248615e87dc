/** `reward-inspector inspect`: shows what a model folder contains, without loading its weights. */
import { Command } from "commander";
import type { Inspection, MemoryEstimate } from "../../protocol/models";
import type { Tools } from "../flags/options";
import { table } from "../output/table";

export function inspectCommand({ engine, terminal }: Tools): Command {
  return new Command("inspect")
    .description("Show what a reward-model folder contains and needs.")
    .argument("<dir>", "reward-model folder, or a name in the local Hugging Face cache")
    .option("--base <dir>", "base model of a LoRA adapter, if it is not at the path that the adapter names")
    .option("--json", "print JSON")
    .action(async (model: string, { base, json }: { base?: string; json?: boolean }) => {
      const inspection = await engine.inspect({
        model,
        device: "cpu",
        ...(base === undefined ? {} : { base }),
      });
      await terminal.print(json ? JSON.stringify(inspection, undefined, 2) : inspectionText(inspection));
    });
}

function inspectionText(model: Inspection): string {
  const { adapter, memory } = model;
  const rows = [
    ["folder", model.folder],
    ["family", `${model.family}, ${model.layers} layers of width ${model.width}`],
    ["parameters", `${countOf(model.parameters)} (${model.dtype})`],
    ["reward head", model.head ?? "none: Q-values only"],
    ["reward read at", model.rewardToken],
    ["tokenizer", `${model.tokenizer}, ${model.vocabulary.toLocaleString("en")} embeddings`],
    ["chat template", model.template ? "yes" : "none: plain text only"],
    ["end of sequence", model.eos],
    ["longest sequence", `${model.maxPositions.toLocaleString("en")} tokens`],
    ["goal states", model.goalStates.join(", ") || "none yet; `reward-inspector goal` makes one"],
    ["memory needed", memoryText(memory)],
  ];
  if (adapter)
    rows.splice(2, 0, [
      "adapter",
      `LoRA of rank ${adapter.rank}, alpha ${adapter.alpha}, on ${adapter.base}`,
    ]);
  for (const note of model.notes) rows.push(["note", note]);
  return table(rows);
}

/** Loading is over when the first batch is scored, so only the larger of the two counts. */
function memoryText({ weights, loading, batch, kept, runtime, total }: MemoryEstimate): string {
  const parts = [
    `weights ${megabytes(weights)}`,
    ...(loading > batch + kept
      ? [`converting them ${megabytes(loading)}`]
      : [`a batch ${megabytes(batch)}`, `keys and values ${megabytes(kept)}`]),
    `ONNX Runtime ${megabytes(runtime)}`,
  ];
  return `${megabytes(total)} (${parts.join(" + ")})`;
}

function countOf(parameters: number): string {
  if (parameters < 1e6) return parameters.toLocaleString("en");
  return parameters >= 1e9
    ? `${(parameters / 1e9).toFixed(2)} billion`
    : `${(parameters / 1e6).toPrecision(3)} million`;
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}
