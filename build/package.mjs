/**
 * Packages dist/ into one VSIX per platform: `npm run package` for this platform, or
 * `npm run package -- win32-x64 darwin-arm64` or `-- all` for others. `--out DIR` sets the output folder.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createVSIX } from "@vscode/vsce";

const root = fileURLToPath(new URL("..", import.meta.url));
const binaries = "node_modules/onnxruntime-node/bin/napi-v6";
/** Without darwin-x64, for which onnxruntime-node has no binaries. */
const targets = ["linux-x64", "linux-arm64", "darwin-arm64", "win32-x64", "win32-arm64"];
/** Maximum size of a VSIX for Linux, in bytes. */
const limit = 60e6;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: "string" } } });
const out = resolve(values.out ?? root);
const wanted = positionals.length === 0 ? [`${process.platform}-${process.arch}`] : positionals;
const unknown = wanted.filter((target) => target !== "all" && !targets.includes(target));
if (unknown.length > 0) {
  console.error(`${unknown.join(", ")}: unknown target. Targets: ${targets.join(", ")}, all`);
  process.exit(1);
}

if (
  spawnSync(process.execPath, ["build/notices.mjs", "--check"], { cwd: root, stdio: "inherit" }).status !== 0
) {
  process.exit(1);
}
await mkdir(out, { recursive: true });
for (const target of wanted.includes("all") ? targets : wanted) await makePackage(target);

async function makePackage(target) {
  const [system, processor] = target.split("-");
  if (!existsSync(join(root, binaries, system, processor))) {
    throw new Error(`${binaries}/${system}/${processor} is missing: run \`npm install\` again`);
  }
  const { name, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const packagePath = join(out, `${name}-${target}-${version}.vsix`);
  const folder = await mkdtemp(join(tmpdir(), "reward-inspector-package-"));
  try {
    const ignoreFile = join(folder, "vscodeignore");
    const ignored = await readFile(join(root, ".vscodeignore"), "utf8");
    await writeFile(
      ignoreFile,
      ignored.replace(`${binaries}/linux/x64`, `${binaries}/${system}/${processor}`),
    );
    // The README's image is inside the VSIX, and there is no repository yet that links could point to.
    const links = { allowMissingRepository: true, rewriteRelativeLinks: false };
    await createVSIX({ cwd: root, target, ignoreFile, packagePath, ...links });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { size } = await stat(packagePath);
  console.log(`${packagePath}: ${(size / 1e6).toFixed(1)} MB`);
  if (system === "linux" && size > limit) {
    throw new Error(`${packagePath} is larger than ${limit / 1e6} MB: check what .vscodeignore includes`);
  }
}
