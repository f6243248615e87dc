/** Writes a trained model as a complete Hugging Face folder for transformers' AutoModelForSequenceClassification. */
import { InputError } from "../../errors";
import type { Checkpoint } from "../reading/checkpoint";
import { copies, textFile, tokenizerFiles, writeFiles } from "./folder-writer";
import { publishedConfig } from "./published-config";
import { isLmHead, isRewardHead, type PublishedClass, publishedNames } from "./published-names";
import { paddedTokenizerFiles, publishedPadding } from "./published-padding";
import { type NewTensor, type WritableTensor, writeSafetensors } from "./safetensors-writer";

export interface ModelChanges {
  /** Values merged into `reward_inspector` of the source's config.json. */
  readonly rewardInspector?: Readonly<Record<string, unknown>> | undefined;
  /** Keeps the LM head, which a reward model does not use. */
  readonly keepsLmHead?: boolean | undefined;
}

/**
 * Writes config.json, model.safetensors and the tokenizer's files into an existing, empty folder; if it fails, the
 * folder is left empty.
 *
 * `trained` uses the names of the source's files, and may add tensors: a new head is `score.weight` [1,H], or the
 * paper's MLP `value_head.{0,2,4,6}.weight` (and `.bias`). It replaces any other head of the source. transformers does
 * not support such an MLP, or a head with a bias: AutoModelForSequenceClassification then initializes a random `score`,
 * with a warning. Without a head, the folder stays a language model of the source's class.
 *
 * All other tensors are copied in their stored type; config.json sets float32, so that transformers does not round
 * trained tensors. The padding token comes from `publishedPadding`, so that transformers, TRL and this engine read the
 * reward at the same token.
 *
 * Throws InputError if a source file is truncated, the disk is full, or the source is an adapter whose change is not in
 * `trained`.
 */
export async function writeModel(
  folder: string,
  source: Checkpoint,
  published: PublishedClass,
  trained: ReadonlyMap<string, NewTensor>,
  { rewardInspector, keepsLmHead = false }: ModelChanges = {},
): Promise<void> {
  checkMerged(source, trained);
  const tensors = tensorsOf(source, trained, keepsLmHead);
  const names = publishedNames(published, [...tensors.keys()], source.config.place);
  const isReward = [...tensors.keys()].some(isRewardHead);
  const padding = isReward ? await publishedPadding(source, keepsHead(source, trained)) : undefined;
  const config = await publishedConfig(source, padding && { names, padId: padding.id }, rewardInspector);
  const renamed = Object.fromEntries([...tensors].map(([name, tensor]) => [names.of(name), tensor]));
  const weights = {
    name: "model.safetensors",
    write: (path: string) => writeSafetensors(path, renamed, { format: "pt" }),
  };
  // config.json comes last, so that a folder left by a killed process is not mistaken for a model.
  await writeFiles(folder, [
    weights,
    ...(await (padding ? paddedTokenizerFiles(source, padding) : tokenizerFiles(source))),
    ...(await copies(source.baseFolder, ["generation_config.json"])),
    textFile("config.json", config),
  ]);
}

/** Returns the tensors to write, by the source's names. */
function tensorsOf(
  source: Checkpoint,
  trained: ReadonlyMap<string, NewTensor>,
  keepsLmHead: boolean,
): ReadonlyMap<string, WritableTensor> {
  const keepsOwn = keepsHead(source, trained);
  // A tied LM head is the embedding matrix, which may have been trained.
  const needsLmHead = keepsLmHead && !source.config.flag("tie_word_embeddings", false);
  const kept = [...source.tensors].filter(([name]) => {
    if (isRewardHead(name)) return keepsOwn;
    return needsLmHead || !isLmHead(name);
  });
  return new Map<string, WritableTensor>([...kept, ...trained]);
}

/** Tells whether the source's reward head is kept, unchanged or trained further. */
function keepsHead(source: Checkpoint, trained: ReadonlyMap<string, NewTensor>): boolean {
  const heads = [...trained.keys()].filter(isRewardHead);
  const known = [...source.tensors.keys()].filter(isRewardHead);
  return known.length > 0 && (heads.length === 0 || heads.some((name) => known.includes(name)));
}

function checkMerged(source: Checkpoint, trained: ReadonlyMap<string, NewTensor>): void {
  const lost = source.adapter?.changes.find(({ module }) => {
    const weight = `${module}.weight`;
    return ![...trained.keys()].some(
      (name) => name === weight || name.endsWith(`.${weight}`) || weight.endsWith(`.${name}`),
    );
  });
  if (!lost) return;
  throw new InputError(
    source.folder,
    `is an adapter whose change of ${lost.module} would be lost in a complete model; ` +
      "merge it into its base with peft first (merge_and_unload)",
  );
}
