/** Finds the Chromium that the tests and the headless workbench use. */
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { chromium } from "playwright-core";

/** The environment in which a browser is searched; injected in tests. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of Playwright's own download, which may not exist. */
  readonly downloaded: string;
  /** Whether a program exists and starts, which a browser without its system libraries does not. */
  starts(path: string): boolean;
}

const names = ["chromium", "chromium-browser", "google-chrome"];

/**
 * @returns REWARD_INSPECTOR_CHROMIUM if it is set, else the first browser on the PATH that starts, else Playwright's
 * download; undefined if none starts
 */
export function findChromium({ env, downloaded, starts }: Surroundings = here()): string | undefined {
  const given = env.REWARD_INSPECTOR_CHROMIUM;
  if (given) return starts(given) ? given : undefined;
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, downloaded].find(starts);
}

/**
 * Finds the folder of SwiftShader, the software Vulkan driver in Chromium, on which WebGPU works without a GPU.
 * @param browser the result of `findChromium`
 * @returns undefined if the browser does not include it
 */
export function swiftShaderFolder(browser: string | undefined): string | undefined {
  if (browser === undefined) return undefined;
  // Debian's /usr/bin/chromium is a script that starts the program in /usr/lib.
  const folders = [dirname(realpathSync(browser)), "/usr/lib/chromium"];
  return folders.find((folder) => existsSync(join(folder, swiftShaderDriver)));
}

export const swiftShaderDriver = "vk_swiftshader_icd.json";

function here(): Surroundings {
  return { env: process.env, downloaded: chromium.executablePath(), starts };
}

function starts(path: string): boolean {
  return existsSync(path) && spawnSync(path, ["--version"], { timeout: 20_000 }).status === 0;
}
