/** Writes a trained low-rank adapter as PEFT does. https://huggingface.co/docs/peft/developer_guides/checkpoint */
import { InputError } from "../../errors";
import type { Checkpoint } from "../reading/checkpoint";
import { textFile, tokenizerFiles, writeFiles } from "./folder-writer";
import { type PublishedClass, type PublishedNames, publishedNames } from "./published-names";
import { adapterPadding, paddedTokenizerFiles } from "./published-padding";
import { type NewTensor, writeSafetensors } from "./safetensors-writer";

/** The low-rank change of one layer, α/r · B·A. */
export interface TrainedLowRank {
  /** [r,in] */
  readonly a: NewTensor;
  /** [out,r] */
  readonly b: NewTensor;
}

export interface TrainedAdapter {
  /** Rank r of every layer. */
  readonly rank: number;
  readonly alpha: number;
  /** Dropout probability of a layer's inputs during training. */
  readonly dropout: number;
  /** Layer names such as `q_proj`. If empty, or if they match untrained layers, layers are named in full instead. */
  readonly targets: readonly string[];
  /** Changes by layer name, such as `model.layers.0.self_attn.q_proj`. */
  readonly lowRank: ReadonlyMap<string, TrainedLowRank>;
  /** Tensors of the reward head, such as `score.weight` [1,H]; empty for a language model. */
  readonly head: ReadonlyMap<string, NewTensor>;
  /** Folder or hub name of the base in adapter_config.json; by default, the absolute path of the base's folder. */
  readonly baseName?: string | undefined;
}

const prefix = "base_model.model.";

/**
 * Writes adapter_config.json, adapter_model.safetensors and the tokenizer's files into an existing, empty folder; if it
 * fails, the folder is left empty. To load the adapter in Python:
 * `PeftModel.from_pretrained(AutoModelForSequenceClassification.from_pretrained(base, num_labels=1), folder)`.
 *
 * PEFT does not support a head with a bias or the paper's MLP, and ignores those. It also does not find the layers of
 * multimodal Gemma 3, which are named differently in files and classes; they are written with the names of the files.
 *
 * Throws InputError if the disk is full, or if the source is an adapter with changes that this one does not replace.
 */
export async function writeAdapter(
  folder: string,
  source: Checkpoint,
  published: PublishedClass,
  adapter: TrainedAdapter,
): Promise<void> {
  checkReplaced(source, adapter);
  const names = publishedNames(
    published,
    [...source.tensors.keys(), ...adapter.head.keys()],
    source.config.place,
  );
  const tensors: Record<string, NewTensor> = {};
  for (const [module, { a, b }] of adapter.lowRank) {
    tensors[`${prefix}${names.of(module)}.lora_A.weight`] = a;
    tensors[`${prefix}${names.of(module)}.lora_B.weight`] = b;
  }
  for (const [name, tensor] of adapter.head) tensors[prefix + names.of(name)] = tensor;
  const config = adapterConfig(source, adapter, names);
  await writeFiles(folder, [
    {
      name: "adapter_model.safetensors",
      write: (path) => writeSafetensors(path, tensors, { format: "pt" }),
    },
    ...(await (adapter.head.size > 0
      ? paddedTokenizerFiles(source, await adapterPadding(source))
      : tokenizerFiles(source))),
    textFile("adapter_config.json", `${JSON.stringify(config, null, 2)}\n`),
  ]);
}

function adapterConfig(source: Checkpoint, adapter: TrainedAdapter, names: PublishedNames): unknown {
  const isReward = adapter.head.size > 0;
  return {
    peft_type: "LORA",
    task_type: isReward ? "SEQ_CLS" : "CAUSAL_LM",
    base_model_name_or_path: adapter.baseName ?? source.baseFolder,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    target_modules: targetModules(source, adapter, names),
    fan_in_fan_out: names.isTransposed,
    modules_to_save: isReward ? ["score"] : null,
    bias: "none",
    inference_mode: true,
  };
}

/** Chooses target_modules. PEFT changes every layer whose name is a target or ends in `.target`. */
function targetModules(source: Checkpoint, adapter: TrainedAdapter, names: PublishedNames): string[] {
  const trained = [...adapter.lowRank.keys()].map(names.of);
  const isTarget = (module: string): boolean =>
    adapter.targets.some((target) => module === target || module.endsWith(`.${target}`));
  const untrained = [...source.tensors.keys()]
    .map((name) => names.of(name.replace(/\.weight$/, "")))
    .filter((module) => !trained.includes(module));
  return trained.every(isTarget) && !untrained.some(isTarget) ? [...adapter.targets] : trained;
}

function checkReplaced({ adapter: known, folder }: Checkpoint, { lowRank, head }: TrainedAdapter): void {
  if (!known) return;
  const isIn = (names: Iterable<string>, name: string): boolean =>
    [...names].some((own) => own === name || own.endsWith(`.${name}`) || name.endsWith(`.${own}`));
  const lost = [
    ...known.changes.map(({ module }) => module).filter((module) => !isIn(lowRank.keys(), module)),
    ...[...known.replacements.keys()].filter((name) => !isIn(head.keys(), name)),
  ][0];
  if (lost === undefined) return;
  throw new InputError(
    folder,
    `is an adapter whose change of ${lost} would be lost in a new adapter of its base; ` +
      "merge it into its base with peft first (merge_and_unload)",
  );
}
