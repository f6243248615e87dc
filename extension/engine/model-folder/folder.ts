/** Finds a model folder and reads its weight files, in the layouts of Hugging Face, TRL, PEFT and OpenRLHF. */
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
 * The folder of a model. name: a folder, resolved against each of `bases`, or the `owner/name` of a model in the local
 * Hugging Face cache. Downloads nothing. Throws InputError if there is no such model.
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
    "there is no such model folder, and no model of that name in the local Hugging Face cache",
    { code: "model-missing", data: { model: name, isHubName } },
  );
}

/** The folders that contain both config.json and tokenizer.json. */
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

/** Layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache. */
async function findInHubCache(name: string): Promise<string | undefined> {
  const home = process.env.HF_HOME ?? join(homedir(), ".cache", "huggingface");
  const cache = process.env.HF_HUB_CACHE ?? join(home, "hub");
  const repository = join(cache, `models--${name.replace("/", "--")}`);
  const revision = await readFile(join(repository, "refs", "main"), "utf8").catch(() => undefined);
  if (revision === undefined) return undefined;
  const snapshot = join(repository, "snapshots", revision.trim());
  return (await exists(snapshot)) ? snapshot : undefined;
}

/** All tensors of a model folder by name: from one file or indexed shards, and from a separate value head. */
export async function readWeights(folder: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  const index = join(folder, "model.safetensors.index.json");
  // If a folder has both, transformers reads the unsharded file.
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
 * The tensors of a separate value head, which LLaMA-Factory writes next to a model or an adapter; empty if there is
 * none. Throws InputError if it is a pickle.
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

/** Reads the header of a weight file. Resolves symbolic links, because ONNX Runtime does not follow them. */
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
      throw new InputError(index.place, `weight_map of ${tensor} is not the name of a file in this folder`);
    }
    const file = files.get(shard) ?? (await readWeightFile(folder, shard));
    files.set(shard, file);
    const stored = file.tensors.get(tensor);
    if (!stored)
      throw new InputError(
        shard,
        `has no tensor ${tensor}, which ${index.place} assigns to it; copy the model again`,
      );
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
      `has only pytorch_model.bin, ${pickleAdvice("pytorch_model*.bin", "model.safetensors")}`,
    );
  }
  return new InputError(folder, "has no model.safetensors and no model.safetensors.index.json");
}
