/** Where on the disk a model or a run is read from, links followed. Pure but for reading the disk. */
import { readdir, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { Adapter } from "../engine/checkpoint/reading/adapter";
import { findBase } from "../engine/checkpoint/reading/checkpoint";
import { Config } from "../engine/model-folder/config";
import { findModelFolder } from "../engine/model-folder/folder";
import { RunFolder } from "../engine/training/store/run-folder";

/**
 * Folders that opening a model reads, its own and its base's, and what links in them lead to.
 *
 * @param model as in ModelRequest @param base in place of the one that an adapter names
 * @throws InputError where there is no such model, as the engine would
 */
export async function placesOfModel(model: string, base?: string): Promise<string[]> {
  const folder = await findModelFolder(model);
  const own = await placesOf(folder, ["goal_states"]);
  if (!(await Adapter.isIn(folder))) return own;
  const config = await Config.read(join(folder, "adapter_config.json"));
  const baseName = config.string("base_model_name_or_path", "");
  return [...own, ...(await placesOf(await findBase({ folder, baseName }, base)))];
}

/** As `placesOfModel`, of a run that goes on: its folder, its checkpoints, and the model it started from, if that is there. */
export async function placesOfRun(folder: string): Promise<string[]> {
  const { record } = await RunFolder.open(folder);
  const model = await placesOfModel(record.model).catch(() => []);
  return [...(await placesOf(folder, ["checkpoints", "init"])), ...model];
}

/** The first of some places that lies in a folder; the folder itself does too. */
export async function firstInside(
  places: readonly string[],
  folders: readonly string[],
): Promise<string | undefined> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  return places.find((place) => real.some((folder) => isInside(place, folder)));
}

function isInside(place: string, folder: string): boolean {
  const path = relative(folder, place);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
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
