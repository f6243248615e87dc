/** Bundles each process of the project, and each webview, into one file of dist/. */
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const { metafile: node } = await build({
  entryPoints: {
    extension: "extension/extension.ts",
    cli: "extension/cli/main.ts",
    engine: "extension/engine/process/server-main.ts",
    probe: "extension/engine/runtime/probe-main.ts",
    generate: "models/recipe/generate-main.ts",
    "train-default": "models/recipe/train-main.ts",
  },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // The editor brings its own API; the runtime loads its own native libraries and must stay a package.
  external: ["vscode", "onnxruntime-node"],
  sourcemap: true,
  metafile: true,
  logLevel: "warning",
});

// esbuild copies the editor's whole API for each module that imports it: more than half of what starting would cost.
const bundle = await readFile("dist/extension.js", "utf8");
const [first = "", api = ""] = /var (\w+) = __toESM\(require\("vscode"\)\);/.exec(bundle) ?? [];
const behind = bundle.indexOf(first) + first.length;
const shared = bundle.slice(behind).replaceAll('__toESM(require("vscode"))', api);
await writeFile("dist/extension.js", bundle.slice(0, behind) + shared);

const { metafile: webview } = await build({
  // Each folder with a main.ts is a page.
  entryPoints: Object.fromEntries(
    readdirSync("webview")
      .filter((name) => existsSync(`webview/${name}/main.ts`))
      .map((name) => [name, `webview/${name}/main.ts`]),
  ),
  outdir: "dist/webview",
  bundle: true,
  platform: "browser",
  target: "chrome120",
  format: "iife",
  minify: true,
  metafile: true,
  logLevel: "warning",
});

// What is bundled, for the license notices.
await mkdir("dist/meta", { recursive: true });
for (const [name, metafile] of Object.entries({ node, webview })) {
  await writeFile(`dist/meta/${name}.json`, JSON.stringify(metafile));
}
