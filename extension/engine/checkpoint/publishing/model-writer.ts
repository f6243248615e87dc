/** Writes a trained model as a whole Hugging Face folder, for AutoModelForSequenceClassification of transformers. */
import { InputError } from "../../errors";
import type { Checkpoint } from "../reading/checkpoint";
import { copies, textFile, tokenizerFiles, writeFiles } from "./folder-writer";
import { publishedConfig } from "./published-config";
import { isLmHead, isRewardHead, type PublishedClass, publishedNames } from "./published-names";
import { paddedTokenizerFiles, publishedPadding } from "./published-padding";
import { type NewTensor, type WritableTensor, writeSafetensors } from "./safetensors-writer";

export interface ModelChanges {
  /** Goes over what the source's config.json has under `reward_inspector`. */
  readonly rewardInspector?: Readonly<Record<string, unknown>> | undefined;
  /** Keeps the matrix of the language model's logits, which a reward model has no use for. */
  readonly keepsLmHead?: boolean | undefined;
}

/**
 * Writes config.json, model.safetensors and the tokenizer's files into an empty folder that the caller made; on a fault
 * nothing stays in it.
 *
 * `trained` goes by the names of the source's files, and may add tensors: a new head is `score.weight` [1,H], or the
 * paper's MLP `value_head.{0,2,4,6}.weight` (and `.bias`). It takes the place of any other head the source has.
 * transformers has no such MLP, nor a head with a bias: AutoModelForSequenceClassification then makes up a `score` of
 * random numbers, with a warning. Without any head the folder stays a language model of the source's class.
 *
 * All other tensors are copied in the type they have; config.json asks transformers for float32, so that nothing
 * trained is rounded. Its padding token is that of `publishedPadding`, by which transformers, TRL and this engine read
 * the reward at the same token.
 *
 * Throws InputError where a source file is cut short, the disk is full, or the source is an adapter whose change is
 * not in `trained`.
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
  // A folder without config.json is no model, should the process be killed on the way.
  await writeFiles(folder, [
    weights,
    ...(await (padding ? paddedTokenizerFiles(source, padding) : tokenizerFiles(source))),
    ...(await copies(source.baseFolder, ["generation_config.json"])),
    textFile("config.json", config),
  ]);
}

/** What is written, by the source's names. */
function tensorsOf(
  source: Checkpoint,
  trained: ReadonlyMap<string, NewTensor>,
  keepsLmHead: boolean,
): ReadonlyMap<string, WritableTensor> {
  const keepsOwn = keepsHead(source, trained);
  // A tied matrix is the embeddings', which may have been trained since.
  const needsLmHead = keepsLmHead && !source.config.flag("tie_word_embeddings", false);
  const kept = [...source.tensors].filter(([name]) => {
    if (isRewardHead(name)) return keepsOwn;
    return needsLmHead || !isLmHead(name);
  });
  return new Map<string, WritableTensor>([...kept, ...trained]);
}

/** Whether the source's reward head stays, trained further or as it is. */
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
    `is an adapter, whose change of ${lost.module} a whole model would lose; ` +
      "merge it into its base with peft first (merge_and_unload)",
  );
}
