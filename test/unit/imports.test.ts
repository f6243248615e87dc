/** Imports point downwards only, as ARCHITECTURE.md draws it. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../extension");

/** Folders (or loose files) of the engine from the ground up; what shares a floor does not import its neighbour. */
const engineFloors: readonly (readonly string[])[] = [
  ["errors", "random"],
  ["files", "processes"],
  ["data"],
  ["checkpoint", "graph"],
  ["architecture"],
  ["runtime"],
  ["scoring"],
  ["evaluation"],
  ["training"],
  ["protocol"],
  ["training-runs", "scoring-requests"],
  ["engine"],
  ["engine-process"],
  ["followed-training"],
  ["server", "client"],
  ["server-main"],
];

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.split(sep).join("/"));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, target = ""]) => ({
    from: file,
    to: target.startsWith(".")
      ? relative(root, join(root, dirname(file), target))
          .split(sep)
          .join("/")
      : target,
  }));
}

function floorOf(path: string): number {
  const name = path.split("/")[1]?.replace(/\.ts$/, "") ?? "";
  const floor = engineFloors.findIndex((rooms) => rooms.includes(name));
  if (floor < 0) throw new Error(`${path} has no floor in this test`);
  return floor;
}

test("the engine imports nothing from vscode and nothing from outside itself", () => {
  const outside = imports.filter(({ from, to }) => {
    const isLocal = files.includes(`${to}.ts`) || (to.startsWith("..") && to !== "../package.json");
    return from.startsWith("engine/") && (to === "vscode" || (isLocal && !to.startsWith("engine/")));
  });
  expect(outside).toEqual([]);
});

test("the runtime comes without its telemetry, from one place", () => {
  const importers = imports.filter(({ to }) => to.startsWith("onnxruntime")).map(({ from }) => from);
  expect(importers).toEqual(["engine/runtime/onnxruntime.ts"]);
});

test("within the engine imports point downwards", () => {
  const inside = imports.filter(({ from, to }) => from.startsWith("engine/") && to.startsWith("engine/"));
  expect(inside.length).toBeGreaterThan(50);
  const upward = inside.filter(({ from, to }) => {
    const sameRoom = from.split("/")[1] === to.split("/")[1];
    return !sameRoom && floorOf(to) >= floorOf(from);
  });
  expect(upward).toEqual([]);
});

/** Folders of the extension from the ground up: each may import from those before it. */
const floors = [
  "engine",
  "tokens",
  "reports",
  "cli",
  "editor",
  "panels",
  "views",
  "training",
  "commands",
  "extension.ts",
];
/** These show nothing in VS Code: the terminal, webviews and unit tests use them. */
const pure = /^(engine|tokens|reports|cli|editor\/regions)\//;

test("within the extension imports point downwards", () => {
  const above = imports.filter(({ from, to }) => {
    const [own, other] = [from.split("/")[0] ?? "", to.split("/")[0] ?? ""];
    return floors.includes(other) && other !== own && floors.indexOf(other) > floors.indexOf(own);
  });
  expect(above).toEqual([]);
  expect(files.map((file) => file.split("/")[0]).filter((name) => !floors.includes(name ?? ""))).toEqual([]);
});

test("what shows nothing in VS Code does not know it", () => {
  const using = imports.filter(({ to }) => to === "vscode").map(({ from }) => from);
  expect(using.length).toBeGreaterThan(20);
  expect(using.filter((file) => pure.test(file))).toEqual([]);
});

test("the terminal needs nothing of the editor", () => {
  const used = imports.filter(({ from }) => from.startsWith("cli/")).map(({ to }) => to.split("/")[0] ?? "");
  expect(used.filter((name) => ["editor", "panels", "views", "training", "commands"].includes(name))).toEqual(
    [],
  );
});

test("no file imports itself by way of others", () => {
  const targets = new Map(
    files.map((file) => [file, imports.filter(({ from }) => from === file).map(({ to }) => `${to}.ts`)]),
  );
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) throw new Error(`a circle: ${[...path, file].join(" → ")}`);
    if (done.has(file)) return;
    for (const target of targets.get(file) ?? []) walk(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(done.size).toBeGreaterThanOrEqual(files.length);
});
