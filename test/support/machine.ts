/** Optional requirements of tests, and the notes of tests that are skipped without them. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findChromium, swiftShaderDriver, swiftShaderFolder } from "../../build/chromium";
import { root } from "./fixture";
import { lack } from "./lack";

/** Path of the tests' browser, or undefined if there is none. */
export const chromium: string | undefined = findChromium();
/** The folder of SwiftShader, or undefined if there is none. */
export const swiftShader: string | undefined = swiftShaderFolder(chromium);
/** A Python with the packages of test/parity/requirements.txt. */
export const python: string | undefined = process.env.REWARD_INSPECTOR_PYTHON;

/** The environment with which a process finds SwiftShader, and Chromium's Vulkan loader if the system has none. */
export function softwareVulkan(): Readonly<Record<string, string>> {
  if (swiftShader === undefined) throw new Error(missing.webGpu);
  const driver = join(swiftShader, swiftShaderDriver);
  const libraries = [process.env.LD_LIBRARY_PATH, swiftShader].filter(Boolean).join(delimiter);
  return { VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: libraries };
}

/** Datasets that are not part of the project. */
export const sharedData: string = join(root, "../shared/data");

/** Root may not have sudo. */
const asRoot = process.getuid?.() === 0 ? "" : "sudo ";
const installChromium = existsSync("/usr/bin/apt-get")
  ? `${asRoot}apt-get install -y chromium && npm test`
  : "npx playwright-core install chromium && npm test";
export const installCompiler = `${asRoot}apt-get install -y g++ make python3 && npm test`;

/** Notes of skipped tests, each undefined if this machine meets the requirement. */
export const missing = {
  chromium: chromium === undefined ? lack("no working Chromium was found", installChromium) : undefined,
  webGpu:
    swiftShader === undefined
      ? lack("WebGPU without a GPU needs SwiftShader, which comes with Chromium", installChromium)
      : undefined,
  python:
    python === undefined
      ? lack(
          "REWARD_INSPECTOR_PYTHON names no Python with transformers and PEFT",
          "REWARD_INSPECTOR_PYTHON=PYTHON npm test",
        )
      : undefined,
  sharedData: existsSync(sharedData)
    ? undefined
    : lack("../shared/data does not exist", "put the datasets there, then npm test"),
  /** Folders that the user may not write to. */
  closedFolders:
    process.getuid?.() === 0 || process.platform === "win32"
      ? lack(
          "root and Windows users can write to every folder",
          "npm test as another user, on Linux or macOS",
        )
      : undefined,
  /** File modes, links, shell scripts, sparse files and file size limits. */
  posix:
    process.platform === "win32"
      ? lack("Windows does not support this", "npm test on Linux or macOS")
      : undefined,
  fullDevice:
    process.platform === "linux" ? undefined : lack("only Linux has /dev/full", "npm test on Linux"),
} as const;
