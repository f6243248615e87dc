/** package.json contributes what the extension has, no more and no less. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { type CommandInfo, commands } from "../../../extension/commands/command-table";
import { contributedColors } from "../../../extension/editor/annotations/shading/theme-colors";
import { isScoredKey } from "../../../extension/editor/scores/scored-context";
import { defaultSettings, section, shadings } from "../../../extension/platform/setting-values";
import { granularities, metrics } from "../../../extension/protocol/choices";
import { providers } from "../../../extension/protocol/models";

vi.mock("vscode", () => ({}));

interface Property {
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly markdownDescription: string;
}

interface Item {
  readonly command?: string;
  readonly when?: string;
}

const { contributes, capabilities } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"),
);
const properties: Readonly<Record<string, Property>> = contributes.configuration.properties;

test("every command is tried in the workbench", () => {
  const folder = join(import.meta.dirname, "../../vscode");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const tests = sources.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
  const untried = Object.entries(commands).filter(
    ([id, { title }]) => !tests.includes(id) && !tests.includes(title),
  );
  expect(untried).toEqual([]);
});

test("commands are those of the table", () => {
  const category = "Reward Inspector";
  expect(contributes.commands).toEqual(
    Object.entries(commands).map(([command, info]) => ({
      command,
      title: info.title,
      category,
      ...icon(info),
    })),
  );
});

function icon(info: CommandInfo): { icon?: string } {
  return info.icon === undefined ? {} : { icon: info.icon };
}

test("menus and keys lead to commands that are there, by context keys that are set", () => {
  const items = [...Object.values<Item[]>(contributes.menus).flat(), ...(contributes.keybindings as Item[])];
  const named = items.flatMap(({ command }) => (command === undefined ? [] : [command]));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((command) => !(command in commands))).toEqual([]);
  const keys = items.flatMap(({ when = "" }) => when.match(/rewardInspector\.\w+/g) ?? []);
  const views = contributes.views.rewardInspector.map(({ id }: { id: string }) => id);
  expect(new Set(keys)).toEqual(new Set([isScoredKey, ...views]));
});

test("settings are those that are read, with the same defaults", () => {
  const defaults = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name.slice(section.length + 1), property.default]),
  );
  expect(defaults).toEqual(defaultSettings);
});

test("settings offer what there is to choose, and say what it is", () => {
  const offered = (name: string): unknown => properties[`${section}.${name}`]?.enum;
  expect(offered("shading")).toEqual(shadings);
  expect(offered("metric")).toEqual(metrics);
  expect(offered("granularity")).toEqual(granularities);
  expect(offered("device")).toEqual(["auto", ...providers]);
  for (const { markdownDescription } of Object.values(properties))
    expect(markdownDescription.length).toBeGreaterThan(20);
});

test("colors are those that tokens are shaded with", () => {
  expect(contributes.colors).toEqual(contributedColors());
});

test("settings that lead to models are not taken from a workspace that is not trusted", () => {
  const { restrictedConfigurations } = capabilities.untrustedWorkspaces;
  expect(restrictedConfigurations).toEqual(
    ["model", "modelFolders", "goalState", "device"].map((name) => `${section}.${name}`),
  );
});
