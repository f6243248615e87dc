/** Installs the workbench before the first test if it is missing, or determines why that is impossible. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { installWorkbench, type Workbench } from "../../../build/workbench/install";
import { messageOf } from "../../../extension/engine/errors";
import { lack } from "../../support/lack";
import { chromium, installCompiler, missing } from "../../support/machine";
import { assembleExtension, ranCommands } from "./extension";

declare module "vitest" {
  interface ProvidedContext {
    /** The workbench, or the reason why it is missing. */
    readonly workbench: Workbench | { readonly missing: string };
    readonly chromium: string;
    /** Folder of the extension with the fixture model as the default model. */
    readonly extension: string;
    /** Folder where engines cache device measurements, so that only the first test file measures them. */
    readonly cache: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide("chromium", chromium ?? "");
  project.provide(
    "workbench",
    missing.chromium === undefined ? await installed() : { missing: missing.chromium },
  );
  const folder = await mkdtemp(join(tmpdir(), "reward-inspector-vscode-"));
  project.provide("cache", join(folder, "cache"));
  const extension = join(folder, "extension");
  await assembleExtension(extension);
  project.provide("extension", extension);
  await rm(ranCommands, { recursive: true, force: true });
  await mkdir(ranCommands, { recursive: true });
  return () => rm(folder, { recursive: true, force: true });
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
