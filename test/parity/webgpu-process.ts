/**
 * Runs an entry file on WebGPU without a GPU: Chromium's SwiftShader is a Vulkan driver in software. Vulkan is found by
 * the environment a process starts with, hence a process of its own.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { temporaryFolder } from "../support/temp-folder";

const chromium = "/usr/lib/chromium";
const driver = join(chromium, "vk_swiftshader_icd.json");

/** Why WebGPU cannot be tried here, if it cannot. */
export const missing = existsSync(driver)
  ? undefined
  : "SwiftShader is not installed (Debian's chromium package brings it)";

/** Bundles an entry file of this folder, runs it with these arguments, and reads the JSON that it prints. */
export async function runOnWebGpu(entry: string, args: readonly string[]): Promise<unknown> {
  const folder = await temporaryFolder();
  const outfile = join(folder, "webgpu.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    outfile,
    bundle: true,
    platform: "node",
    external: ["onnxruntime-node"],
    define: { "import.meta.dirname": JSON.stringify(import.meta.dirname) },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, ...args], {
    env: {
      ...process.env,
      NODE_PATH: join(import.meta.dirname, "../../node_modules"),
      VK_ICD_FILENAMES: driver,
      LD_LIBRARY_PATH: chromium,
      XDG_RUNTIME_DIR: folder,
    },
  });
  return JSON.parse(stdout);
}
