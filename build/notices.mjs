/**
 * Writes THIRD_PARTY_NOTICES.md, the licenses of all packages that the extension ships. The bundled packages are read
 * from esbuild's metafiles in dist/meta/, so build first; `--check` only checks that the file is up to date.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = join(root, "THIRD_PARTY_NOTICES.md");
/** Bundles that are not shipped; see .vscodeignore. */
const notShipped = /^(cli|generate|train-default|test-machine)\.js$/;
/** Packages that are shipped without bundling. */
const unbundled = ["node_modules/onnxruntime-node", "node_modules/onnxruntime-common"];

const head = `# Third-party notices

Reward Inspector ships the software below, each part under its own license. Written by \`node build/notices.mjs\`.

The native libraries in \`onnxruntime-node\` hold software of others, listed at
<https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt>. On Windows, \`DirectML.dll\` is under the
license of <https://github.com/microsoft/DirectML>, \`dxcompiler.dll\` and \`dxil.dll\` under those of
<https://github.com/microsoft/DirectXShaderCompiler>.
`;

export async function notices() {
  const folders = [...new Set([...unbundled, ...(await bundledPackages())])].sort();
  return [head, ...(await Promise.all(folders.map(notice)))].join("\n");
}

/** @returns folders of packages, relative to the project's root */
async function bundledPackages() {
  const folder = join(root, "dist/meta");
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) throw new Error("dist/meta/ is missing or empty: run `npm run build` first");
  const metafiles = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return metafiles.flatMap((text) => packagesOf(JSON.parse(text)));
}

function packagesOf({ outputs }) {
  const shipped = Object.entries(outputs).filter(([path]) => !notShipped.test(basename(path)));
  const inputs = shipped.flatMap(([, { inputs }]) => Object.entries(inputs));
  return inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
}

async function notice(folder) {
  const manifest = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
  const { name, version, license } = manifest;
  const text = (await licenseText(join(root, folder))) ?? standardText(manifest);
  return `## ${name} ${version}\n\n${license}\n\n\`\`\`\`text\n${text.replaceAll("\r\n", "\n").trim()}\n\`\`\`\`\n`;
}

async function licenseText(folder) {
  const names = (await readdir(folder))
    .filter((name) => /^(licen[cs]e|copying|notice)(\..*)?$/i.test(name))
    .sort();
  if (names.length === 0) return undefined;
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n\n");
}

/** The license text for a package that names its license but does not include the text. */
function standardText({ name, license, author }) {
  if (license !== "MIT")
    throw new Error(`${name} has no license text: add the text of ${license} to build/notices.mjs`);
  const holder = name.startsWith("onnxruntime-")
    ? "Microsoft Corporation"
    : (author?.name ?? author ?? `the authors of ${name}`);
  return `MIT License

Copyright (c) ${holder}

${mit}`;
}

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await notices();
  if (process.argv.includes("--check")) {
    if ((await readFile(file, "utf8").catch(() => "")) !== text) {
      console.error("THIRD_PARTY_NOTICES.md is out of date: run `npm run build && node build/notices.mjs`");
      process.exitCode = 1;
    }
  } else await writeFile(file, text);
}
