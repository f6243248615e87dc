/**
 * Assembles the extension for tests in the workbench: this build, with the fixture model as the default model, and with
 * a record of every executed command.
 */
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../support/fixture";
import { writeFixtureModel } from "./fixture-model";

/** Folder with a list of executed commands per test file, one per line. It is emptied before the first test. */
export const ranCommands: string = join(root, "dist/ran-commands");

/** Environment variable that tells the extension host in which file to record commands. */
export const recordVariable = "REWARD_INSPECTOR_RAN_COMMANDS";

export const fixtureModelIn = (extension: string): string => join(extension, "models/default");

/** Wraps the API before the bundle loads, since all modules of an extension share one API object. */
const recorder = `
const { appendFileSync } = require("node:fs");
const { commands } = require("vscode");
const { registerCommand } = commands;
commands.registerCommand = (id, handler, thisArgument) =>
  registerCommand(id, (...args) => {
    appendFileSync(process.env.${recordVariable}, id + "\\n");
    return handler.apply(thisArgument, args);
  });
module.exports = require("./extension.js");
`;

export async function assembleExtension(folder: string): Promise<void> {
  await mkdir(join(folder, "models"), { recursive: true });
  for (const name of ["media", "node_modules", "models/samples"])
    await symlink(join(root, name), join(folder, name));
  await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ ...manifest, main: "./dist/recorded-extension.js" }),
  );
  await writeFile(join(folder, "dist/recorded-extension.js"), recorder);
  await writeFixtureModel(fixtureModelIn(folder));
}
