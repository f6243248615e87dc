/** Where on the disk a model or a run is read from, links followed. */
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { Adapter } from "./checkpoint/reading/adapter";
import { findBase } from "./checkpoint/reading/checkpoint";
import { Config } from "./model-folder/config";
import { findModelFolder } from "./model-folder/folder";
import { RunFolder } from "./training/store/run-folder";

/**
 * Folders that opening a model reads, its own and its base's, and what links in them lead to.
 *
 * @param model as in ModelRequest @param base in place of the one that an adapter names
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

/** What resuming a run reads: its folder, its checkpoints, and the model it started from, if that is on this machine. */
export async function placesOfRun(folder: string): Promise<string[]> {
  const { record } = await RunFolder.open(folder);
  const model = await placesOfModel(record.model).catch(() => []);
  return [...(await placesOf(folder, ["checkpoints", "init"])), ...model];
}

/** The real path of a folder, and of the links in it and in some of its folders. */
async function placesOf(folder: string, within: readonly string[] = []): Promise<string[]> {
  const nested = within.map((name) => linksIn(join(folder, name)));
  return [await realpath(folder), ...(await Promise.all([linksIn(folder), ...nested])).flat()];
}

/** Targets of the links; one that leads nowhere is not read either. */
async function linksIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const links = entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => join(folder, name));
  const targets = await Promise.all(links.map((link) => realpath(link).catch(() => undefined)));
  return targets.filter((target) => target !== undefined);
}
