/** package.json contributes exactly what the extension implements. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CommandInfo, commands } from "../../../extension/commands/command-table";
import { contributedColors } from "../../../extension/editor/annotations/shading/theme-colors";
import { isScoredKey } from "../../../extension/editor/scores/scored-context";
import { section, settingDefaults, shadings } from "../../../extension/platform/settings/setting-values";
import { granularities, metrics, scales } from "../../../extension/protocol/choices";
import { providers } from "../../../extension/protocol/models";

interface Property {
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly markdownDescription: string;
}

interface Item {
  readonly command?: string;
  readonly when?: string;
}

const { activationEvents, contributes, capabilities } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"),
);
const properties: Readonly<Record<string, Property>> = contributes.configuration.properties;

test("commands match the table", () => {
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

test("menus and keybindings refer to existing commands and context keys", () => {
  const items = [...Object.values<Item[]>(contributes.menus).flat(), ...(contributes.keybindings as Item[])];
  const named = items.flatMap(({ command }) => (command === undefined ? [] : [command]));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((command) => !(command in commands))).toEqual([]);
  const keys = items.flatMap(({ when = "" }) => when.match(/rewardInspector\.\w+/g) ?? []);
  const views = contributes.views.rewardInspector.map(({ id }: { id: string }) => id);
  expect(new Set(keys)).toEqual(new Set([isScoredKey, ...views]));
});

test("every panel is restored after a reload", async () => {
  const folder = join(import.meta.dirname, "../../../webview");
  const pages = readdirSync(folder).filter((name) => existsSync(join(folder, name, "main.ts")));
  for (const page of pages) {
    const contracts: Record<string, { name?: string }> = await import(
      `../../../extension/protocol/panels/${page}.ts`
    );
    expect(contracts[`${page}Contract`]?.name).toBe(page);
  }
  expect(activationEvents).toEqual([
    "onLanguage:jsonl",
    ...pages.map((name) => `onWebviewPanel:rewardInspector.${name}`),
  ]);
});

test("settings match those that are read, with the same defaults", () => {
  const defaults = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name.slice(section.length + 1), property.default]),
  );
  expect(defaults).toEqual(settingDefaults);
});

test("settings offer all choices, with descriptions", () => {
  const offered = (name: string): unknown => properties[`${section}.${name}`]?.enum;
  expect(offered("shading")).toEqual(shadings);
  expect(offered("metric")).toEqual(metrics);
  expect(offered("granularity")).toEqual(granularities);
  expect(offered("scale")).toEqual(scales);
  expect(offered("device")).toEqual(["auto", ...providers]);
  for (const { markdownDescription } of Object.values(properties))
    expect(markdownDescription.length).toBeGreaterThan(20);
});

test("colors match those of the token shading", () => {
  expect(contributes.colors).toEqual(contributedColors());
});

test("settings that select models are restricted in untrusted workspaces", () => {
  const { restrictedConfigurations } = capabilities.untrustedWorkspaces;
  expect(restrictedConfigurations).toEqual(
    ["model", "modelFolders", "goalState", "device"].map((name) => `${section}.${name}`),
  );
});
