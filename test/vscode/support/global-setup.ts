/** Before the first test: installs the workbench where it is missing, or finds why that cannot be. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { installWorkbench, type Workbench } from "../../../build/workbench/install";
import { messageOf } from "../../../extension/engine/errors";
import { chromiumPath } from "./browser";

declare module "vitest" {
  interface ProvidedContext {
    /** Why there is no workbench, where there is none. */
    readonly workbench: Workbench | { readonly missing: string };
    readonly chromium: string;
    /** Where engines remember what they measured of this machine's devices, so that not every file measures it anew. */
    readonly cache: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chromium = chromiumPath();
  project.provide("chromium", chromium ?? "");
  project.provide("workbench", chromium === undefined ? noChromium : await installed());
  const cache = await mkdtemp(join(tmpdir(), "reward-inspector-cache-"));
  project.provide("cache", cache);
  return () => rm(cache, { recursive: true, force: true });
}

const noChromium = { missing: "Chromium is not installed (Debian: apt-get install chromium)" };

async function installed(): Promise<Workbench | { readonly missing: string }> {
  try {
    return await installWorkbench((step) => console.error(step));
  } catch (error) {
    const missing = messageOf(error);
    console.error(`The tests in VS Code skip: ${missing}`);
    return { missing };
  }
}
