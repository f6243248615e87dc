/** Finds a model folder and its weight files, as Hugging Face, TRL, PEFT and OpenRLHF lay them out. */
import { access, readdir, readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { InputError } from "../errors";
import { Config } from "./config";
import { pickleAdvice } from "./pickle-advice";
import { readSafetensors, type SafetensorsFile, type StoredTensor } from "./safetensors";

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * The folder a model is in. name: a folder, or the `owner/name` of a model in the local Hugging Face cache;
 * relative folders are looked for in each of `bases`. Nothing is downloaded.
 */
export async function findModelFolder(
  name: string,
  bases: readonly string[] = [process.cwd()],
): Promise<string> {
  for (const base of bases) {
    const folder = resolve(base, name);
    const info = await stat(folder).catch(() => undefined);
    if (info?.isDirectory()) return folder;
    if (info)
      throw new InputError(name, "is a file; give the folder that holds config.json and model.safetensors");
  }
  const isHubName = /^[\w.-]+\/[\w.-]+$/.test(name);
  const cached = isHubName ? await findInHubCache(name) : undefined;
  if (cached) return cached;
  throw new InputError(
    name,
    "there is no such model folder, nor a model of that name in the local Hugging Face cache",
    { code: "model-missing", data: { model: name, isHubName } },
  );
}

/** Those of some folders that hold a config.json with a tokenizer.json beside it. */
export async function foldersWithModels(folders: readonly string[]): Promise<string[]> {
  const isModel = await Promise.all(
    folders.map(async (folder) => {
      const files = await Promise.all(
        ["config.json", "tokenizer.json"].map((name) => exists(join(folder, name))),
      );
      return !files.includes(false);
    }),
  );
  return folders.filter((_, i) => isModel[i]);
}

/** https://huggingface.co/docs/huggingface_hub/guides/manage-cache */
async function findInHubCache(name: string): Promise<string | undefined> {
  const home = process.env.HF_HOME ?? join(homedir(), ".cache", "huggingface");
  const cache = process.env.HF_HUB_CACHE ?? join(home, "hub");
  const repository = join(cache, `models--${name.replace("/", "--")}`);
  const revision = await readFile(join(repository, "refs", "main"), "utf8").catch(() => undefined);
  if (revision === undefined) return undefined;
  const snapshot = join(repository, "snapshots", revision.trim());
  return (await exists(snapshot)) ? snapshot : undefined;
}

/** All tensors of a model folder by name: one file, shards with their index, and a separately stored value head. */
export async function readWeights(folder: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  const index = join(folder, "model.safetensors.index.json");
  // Where a folder has both, transformers reads the whole file.
  if (await exists(join(folder, "model.safetensors"))) {
    addAll(tensors, await readWeightFile(folder, "model.safetensors"));
  } else if (await exists(index)) {
    await addShards(folder, await Config.read(index), tensors);
  } else {
    throw await noWeights(folder);
  }
  for (const [name, tensor] of await readValueHead(folder)) tensors.set(name, tensor);
  return tensors;
}

/**
 * LLaMA-Factory keeps the reward head in a file of its own, beside a model or an adapter. Throws InputError if that is a
 * pickle.
 */
export async function readValueHead(folder: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const name = "value_head.safetensors";
  if (await exists(join(folder, name))) return (await readWeightFile(folder, name)).tensors;
  if (await exists(join(folder, "value_head.bin"))) {
    throw new InputError(
      folder,
      `has its reward head in value_head.bin, ${pickleAdvice("value_head.bin", name)}`,
    );
  }
  return new Map();
}

/** Reads one weight file through its links, as the runtime refuses to follow them. */
export async function readWeightFile(folder: string, name: string): Promise<SafetensorsFile> {
  const path = join(folder, name);
  const target = await realpath(path).catch(() => {
    throw new InputError(path, "is missing");
  });
  return readSafetensors(target, name);
}

async function addShards(folder: string, index: Config, tensors: Map<string, StoredTensor>): Promise<void> {
  const map = index.section("weight_map");
  if (!map) throw new InputError(index.place, "has no weight_map");
  const files = new Map<string, SafetensorsFile>();
  for (const [tensor, shard] of Object.entries(map.values)) {
    if (typeof shard !== "string" || basename(shard) !== shard) {
      throw new InputError(index.place, `weight_map gives no file name for ${tensor}`);
    }
    const file = files.get(shard) ?? (await readWeightFile(folder, shard));
    files.set(shard, file);
    const stored = file.tensors.get(tensor);
    if (!stored) throw new InputError(shard, `lacks the tensor ${tensor} that ${index.place} says it holds`);
    tensors.set(tensor, stored);
  }
}

function addAll(tensors: Map<string, StoredTensor>, file: SafetensorsFile): void {
  for (const [name, tensor] of file.tensors) tensors.set(name, tensor);
}

async function noWeights(folder: string): Promise<InputError> {
  const names = await readdir(folder);
  if (names.some((name) => /^pytorch_model.*\.bin(\.index\.json)?$/.test(name))) {
    return new InputError(
      folder,
      `holds only pytorch_model.bin, ${pickleAdvice("pytorch_model*.bin", "model.safetensors")}`,
    );
  }
  return new InputError(folder, "has no model.safetensors, nor shards with model.safetensors.index.json");
}
