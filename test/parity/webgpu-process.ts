/**
 * Runs an entry file on WebGPU without a GPU, on Chromium's software Vulkan driver SwiftShader. It is a separate
 * process because Vulkan reads the environment that a process starts with.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { softwareVulkan } from "../support/machine";
import { temporaryFolder } from "../support/temp-folder";

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
      ...softwareVulkan(),
      XDG_RUNTIME_DIR: folder,
    },
  });
  return JSON.parse(stdout);
}
