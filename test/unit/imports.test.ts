/** The layers of ARCHITECTURE.md: imports point down, and no folder is part of a circle. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

interface Import {
  readonly from: string;
  /** A file of ours by its path, or a package by its name. */
  readonly to: string;
}

const files = ["extension", "webview"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => posix.join(folder, file.split(sep).join("/"))),
);
const imports = files.flatMap(importsOf);
const local = imports.filter(({ to }) => files.includes(to));

function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), "utf8");
  const targets = [...text.matchAll(/(?:\bfrom |^import |\bimport\()"([^"]+)"/gm)].map(
    ([, target = ""]) => target,
  );
  return targets.map((target) => {
    if (!target.startsWith(".")) return { from, to: target };
    const path = posix.join(posix.dirname(from), target);
    const file = files.includes(`${path}.ts`) ? `${path}.ts` : path;
    if (!existsSync(join(root, file)) && !existsSync(join(root, `${file}.d.ts`)))
      throw new Error(`${from} imports ${target}, which this test cannot find`);
    return { from, to: file };
  });
}

/** Rooms of the extension from the ground up. Each may import from those before it. */
const layers = [
  "protocol",
  "display",
  "engine",
  "reports",
  "cli",
  "scores",
  "platform",
  "editor",
  "panels",
  "dialogs",
  "views",
  "training",
  "commands",
  "extension.ts",
];

/** Rooms and loose files of the engine from the ground up. Those of one layer do not import each other. */
const engineLayers: readonly (readonly string[])[] = [
  ["abort", "errors", "json", "random"],
  ["file-target", "processes"],
  ["files"],
  ["data", "model-folder"],
  ["tokenizer"],
  ["checkpoint", "graph"],
  ["architecture"],
  ["runtime"],
  ["scoring"],
  ["goals"],
  ["evaluation"],
  ["training"],
  ["training-runs", "scoring-requests", "request-checks", "places"],
  ["local"],
  ["process"],
];

/** The name at a depth of a path: `extension/engine/errors.ts` has `errors` at depth 2. */
const nameAt = (path: string, depth: number) => path.split("/")[depth]?.replace(/\.ts$/, "") ?? "";

test("imports of the extension point down", () => {
  const layerOf = (path: string) => layers.indexOf(path.split("/")[1] ?? "");
  const inside = local.filter(({ from, to }) => from.startsWith("extension/") && to.startsWith("extension/"));
  expect(inside.length).toBeGreaterThan(500);
  expect(files.filter((file) => file.startsWith("extension/") && layerOf(file) < 0)).toEqual([]);
  expect(inside.filter(({ from, to }) => layerOf(to) > layerOf(from))).toEqual([]);
});

test("imports of the engine point down", () => {
  const layerOf = (path: string) => engineLayers.findIndex((names) => names.includes(nameAt(path, 2)));
  const isEngine = (path: string) => path.startsWith("extension/engine/");
  const inside = local.filter(({ from, to }) => isEngine(from) && isEngine(to));
  expect(inside.length).toBeGreaterThan(200);
  expect(files.filter((file) => isEngine(file) && layerOf(file) < 0)).toEqual([]);
  const upward = inside.filter(
    ({ from, to }) => nameAt(from, 2) !== nameAt(to, 2) && layerOf(to) >= layerOf(from),
  );
  expect(upward).toEqual([]);
});

test("the protocol imports nothing of the house", () => {
  const used = imports.filter(({ from }) => from.startsWith("extension/protocol/"));
  expect(used.length).toBeGreaterThan(20);
  const foreign = used.filter(
    ({ to }) => !to.startsWith("extension/protocol/") && !["valibot", "vscode-jsonrpc"].includes(to),
  );
  expect(foreign).toEqual([]);
});

/** What the editor may import of the engine: how it is started, errors and signals, and how files are written whole. */
const ofEngine = [
  "extension/protocol/engine.ts",
  "extension/engine/process/client.ts",
  "extension/engine/abort.ts",
  "extension/engine/errors.ts",
  "extension/engine/files.ts",
];

test("the editor asks the engine, and reads nothing that is the engine's on disk", () => {
  const editor = layers.slice(layers.indexOf("platform"));
  const used = local.filter(
    ({ from, to }) => editor.includes(from.split("/")[1] ?? "") && to.startsWith("extension/engine/"),
  );
  expect(used.length).toBeGreaterThan(10);
  // Regions of documents are rows as the engine's reader has them.
  const isRow = ({ from, to }: Import) =>
    from.startsWith("extension/editor/documents/") &&
    (to.startsWith("extension/engine/data/") || to === "extension/engine/json.ts");
  expect(used.filter((one) => !ofEngine.includes(one.to) && !isRow(one))).toEqual([]);
});

test("webviews import nothing of the extension but what is shown and what is sent", () => {
  const allowed = ["webview/", "extension/protocol/", "extension/display/"];
  const used = local.filter(({ from }) => from.startsWith("webview/"));
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter(({ to }) => !allowed.some((folder) => to.startsWith(folder)))).toEqual([]);
  expect(local.filter(({ from, to }) => from.startsWith("extension/") && to.startsWith("webview/"))).toEqual(
    [],
  );
});

test("the terminal uses nothing of the editor", () => {
  const editor = layers.slice(layers.indexOf("platform"));
  const used = local.filter(({ from }) => from.startsWith("extension/cli/"));
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter(({ to }) => editor.includes(to.split("/")[1] ?? ""))).toEqual([]);
});

test("only what shows something in VS Code imports it", () => {
  const pure =
    /^(extension\/(protocol|display|engine|reports|cli|scores|editor\/documents\/regions)|webview)\//;
  const using = imports.filter(({ to }) => to === "vscode").map(({ from }) => from);
  expect(using.length).toBeGreaterThan(20);
  expect(using.filter((file) => pure.test(file))).toEqual([]);
});

test("ONNX Runtime is imported in one place, which turns its telemetry off", () => {
  const importers = imports.filter(({ to }) => to.startsWith("onnxruntime")).map(({ from }) => from);
  expect(importers).toEqual(["extension/engine/runtime/onnxruntime.ts"]);
});

// Among the folders and files of one folder, imports lead from one to another and never back. A circle of files shows as
// a circle in the folder where their paths part.
test("nothing is part of a circle, neither folders nor files", () => {
  const siblings = new Map<string, Map<string, Set<string>>>();
  for (const { from, to } of local) {
    const [a, b] = [from.split("/"), to.split("/")];
    const depth = a.findIndex((name, i) => name !== b[i]);
    const [own, other] = [a[depth], b[depth]];
    if (own === undefined || other === undefined) throw new Error(`${from} imports itself`);
    const folder = a.slice(0, depth).join("/");
    const graph = siblings.get(folder) ?? new Map<string, Set<string>>();
    siblings.set(folder, graph.set(own, (graph.get(own) ?? new Set()).add(other)));
  }
  expect(siblings.size).toBeGreaterThan(20);
  expect(
    [...siblings].flatMap(([folder, graph]) => circlesOf(graph).map((circle) => `${folder}: ${circle}`)),
  ).toEqual([]);
});

function circlesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name);
    if (start >= 0) circles.push([...path.slice(start), name].join(" → "));
    if (start >= 0 || done.has(name)) return;
    for (const next of graph.get(name) ?? []) walk(next, [...path, name]);
    done.add(name);
  };
  for (const name of graph.keys()) walk(name, []);
  return circles;
}
