/** Finds the folders and files that a model or a run is read from, with symbolic links resolved. */
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { Adapter } from "./checkpoint/reading/adapter";
import { findBase } from "./checkpoint/reading/checkpoint";
import { Config } from "./model-folder/config";
import { findModelFolder } from "./model-folder/folder";
import { RunFolder } from "./training/store/run-folder";

/**
 * Returns the folders that opening a model reads, its own and its base's, and the targets of links in them.
 *
 * @param model folder or name, as in ModelRequest
 * @param base replaces the base that an adapter names
 * @throws InputError if there is no such model
 */
export async function placesOfModel(model: string, base?: string): Promise<string[]> {
  const folder = await findModelFolder(model);
  const own = await placesOf(folder, ["goal_states"]);
  if (!(await Adapter.isIn(folder))) return own;
  const config = await Config.read(join(folder, "adapter_config.json"));
  const baseName = config.string("base_model_name_or_path", "");
  return [...own, ...(await placesOf(await findBase({ folder, baseName }, base)))];
}

/** Returns what resuming a run reads: its folder, its checkpoints, and the base model if it is on this machine. */
export async function placesOfRun(folder: string): Promise<string[]> {
  const { record } = await RunFolder.open(folder);
  const model = await placesOfModel(record.model).catch(() => []);
  return [...(await placesOf(folder, ["checkpoints", "init"])), ...model];
}

/** Returns the real path of a folder, and the targets of links in it and in some of its subfolders. */
async function placesOf(folder: string, within: readonly string[] = []): Promise<string[]> {
  const nested = within.map((name) => linksIn(join(folder, name)));
  return [await realpath(folder), ...(await Promise.all([linksIn(folder), ...nested])).flat()];
}

/** Returns the targets of the links in a folder, without broken links. */
async function linksIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const links = entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => join(folder, name));
  const targets = await Promise.all(links.map((link) => realpath(link).catch(() => undefined)));
  return targets.filter((target) => target !== undefined);
}
