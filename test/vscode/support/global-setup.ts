/** Before the first test: installs the workbench if it is missing, or finds why that cannot be. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { installWorkbench, type Workbench } from "../../../build/workbench/install";
import { messageOf } from "../../../extension/engine/errors";
import { lack } from "../../support/lack";
import { chromium, installCompiler, missing } from "../../support/machine";

declare module "vitest" {
  interface ProvidedContext {
    /** `missing`: why there is no workbench. */
    readonly workbench: Workbench | { readonly missing: string };
    readonly chromium: string;
    /** Where engines remember what they measured of this machine's devices, so that not every file measures it anew. */
    readonly cache: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide("chromium", chromium ?? "");
  project.provide(
    "workbench",
    missing.chromium === undefined ? await installed() : { missing: missing.chromium },
  );
  const cache = await mkdtemp(join(tmpdir(), "reward-inspector-cache-"));
  project.provide("cache", cache);
  return () => rm(cache, { recursive: true, force: true });
}

async function installed(): Promise<Workbench | { readonly missing: string }> {
  try {
    return await installWorkbench((step) => console.error(step));
  } catch (error) {
    const problem = messageOf(error);
    console.error(`The tests in VS Code skip: ${problem}`);
    const [reason = problem] = problem.split("\n");
    return {
      missing: lack(
        `VS Code without a screen is not there: ${reason}`,
        process.platform === "linux" ? installCompiler : "npm test on Linux",
      ),
    };
  }
}
