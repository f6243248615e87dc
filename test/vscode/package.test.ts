/** Tests the release: the Linux VSIX is small enough, installs and shades, and the notices are up to date. */
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../support/fixture";
import { lack } from "../support/lack";
import { type InstalledWorkbench, openInstalled } from "./support/installed";
import { decorations, runCommand } from "./support/ui";
import { missingWorkbench } from "./support/workbench";

const missing = missingWorkbench();
const folder = await mkdtemp(join(tmpdir(), "reward-inspector-package-"));
let installed: InstalledWorkbench | undefined;

afterAll(async () => {
  await installed?.stop();
  await rm(folder, { recursive: true, force: true });
});

function run(script: string, ...args: string[]): string {
  return execFileSync(process.execPath, [join(root, script), ...args], { cwd: root, encoding: "utf8" });
}

test("THIRD_PARTY_NOTICES.md is up to date with this build", () => {
  expect(run("build/notices.mjs", "--check")).toBe("");
});

test("the VSIX for linux-x64 is smaller than 60 MB, installs, and its command shades the samples", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  skip(process.arch !== "x64", lack("the VSIX for linux-x64 runs on x64", "npm test on such a machine"));
  run("build/package.mjs", "linux-x64", "--out", folder);
  const [name = ""] = (await readdir(folder)).filter((file) => file.endsWith(".vsix"));
  const vsix = join(folder, name);
  expect((await stat(vsix)).size).toBeLessThan(60e6);

  const workspace = join(folder, "workspace");
  await cp(join(root, "models/samples"), workspace, { recursive: true });
  installed = await openInstalled(vsix, workspace, join(workspace, "pairs.jsonl"));
  const { page } = installed;
  await page.locator('.tab.active[data-resource-name="pairs.jsonl"]').waitFor();
  await runCommand(page, "Reward Inspector: Run Reward Model");
  await decorations(page).first().waitFor();
  expect(await decorations(page).count()).toBeGreaterThan(20);
}, 240_000);
