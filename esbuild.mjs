/** Bundles each process and each webview into one file in dist/. With --watch, rebuilds after each change. */
import { readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { context } from "esbuild";

/**
 * esbuild makes a copy of VS Code's API for each module that imports it, which took more than half of the activation
 * time. With this plugin, all modules share the first copy.
 */
const oneCopyOfVscode = {
  name: "one-copy-of-vscode",
  setup(build) {
    build.onEnd(async ({ outputFiles = [], errors }) => {
      for (const { path, text, contents } of outputFiles) {
        if (!path.endsWith("extension.js")) {
          await writeFile(path, contents);
          continue;
        }
        const copy = '__toESM(require("vscode"))';
        const [first, name] = new RegExp(`var (\\w+) = ${copy.replace(/[()]/g, "\\$&")};`).exec(text) ?? [];
        if (first === undefined)
          throw new Error("esbuild.mjs: the bundle does not import vscode in the expected way");
        const end = text.indexOf(first) + first.length;
        await writeFile(path, text.slice(0, end) + text.slice(end).replaceAll(copy, name));
      }
      if (errors.length === 0) console.log("Built dist/extension.js and the other processes.");
    });
  },
};

const node = {
  entryPoints: {
    extension: "extension/extension.ts",
    cli: "extension/cli/main.ts",
    engine: "extension/engine/process/server-main.ts",
    probe: "extension/engine/runtime/probe-main.ts",
    generate: "models/recipe/generate-main.ts",
    "train-default": "models/recipe/train-main.ts",
    "test-machine": "build/test-machine-main.ts",
  },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // VS Code provides its API. onnxruntime-node loads native libraries, so it must stay a package, as must Playwright.
  external: ["vscode", "onnxruntime-node", "playwright-core"],
  sourcemap: true,
  metafile: true,
  logLevel: "warning",
  write: false,
  plugins: [oneCopyOfVscode],
};

const pages = readdirSync("webview", { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith("main.ts"),
);
const webview = {
  entryPoints: Object.fromEntries(pages.map((file) => [file.split(/[\\/]/)[0], `webview/${file}`])),
  outdir: "dist/webview",
  bundle: true,
  platform: "browser",
  target: "chrome120",
  format: "iife",
  minify: true,
  metafile: true,
  logLevel: "warning",
};

await mkdir("dist/meta", { recursive: true });
for (const [name, options] of Object.entries({ node, webview })) {
  const bundles = await context(options);
  const { metafile } = await bundles.rebuild();
  // The license notices are made from these metafiles.
  await writeFile(`dist/meta/${name}.json`, JSON.stringify(metafile));
  if (process.argv.includes("--watch")) await bundles.watch();
  else await bundles.dispose();
}
