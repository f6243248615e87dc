/**
 * The extension as the workbench's tests have it: this build, with the fixture model in place of the default model, and
 * with every command that runs recorded.
 */
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../support/fixture";
import { writeFixtureModel } from "./fixture-model";

/** A file for each test file: the commands that ran in it, a line each. The folder is emptied before the first. */
export const ranCommands: string = join(root, "dist/ran-commands");

/** Names, for the extension host, the file that commands are recorded in. */
export const recordVariable = "REWARD_INSPECTOR_RAN_COMMANDS";

export const fixtureModelIn = (extension: string): string => join(extension, "models/default");

/** VS Code hands out one API for all modules of an extension, so what stands before its bundle can wrap it. */
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
