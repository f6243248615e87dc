/**
 * Measures and prints times of the editor in a real workbench: `MEASURE=1 npx vitest run test/vscode/timings.test.ts`.
 * The times are not asserted because they depend on the machine.
 */
import { once } from "node:events";
import { createWriteStream, existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../support/fixture";
import { lack } from "../support/lack";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing =
  process.env.MEASURE === undefined
    ? lack("timings are measured on request", "MEASURE=1 npx vitest run test/vscode/timings.test.ts")
    : missingWorkbench();
const rounds = 7;
/** Empty cache folder, in which devices have not been measured yet. */
let cache: string;
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing !== undefined) return;
  cache = await mkdtemp(join(tmpdir(), "reward-inspector-cache-"));
  const pairs = await readFile(join(root, "models/samples/pairs.jsonl"), "utf8");
  workbench = await openWorkbench({
    // This folder has the real default model.
    extension: root,
    env: { XDG_CACHE_HOME: cache },
    workspaceFiles: {
      "pairs.jsonl": pairs,
      "long.txt": await longSolution(),
      "other.jsonl": pairs.replaceAll("Mia", "Eva"),
    },
  });
});

afterAll(async () => {
  await workbench?.stop();
  if (cache !== undefined) await rm(cache, { recursive: true, force: true });
});

/** Makes a problem with a solution of about 300 tokens. */
async function longSolution(): Promise<string> {
  const sample = await readFile(join(root, "models/samples/solution.md"), "utf8");
  const [question = "", ...steps] = sample.trim().split("\n");
  return `${question}\n${Array.from({ length: 5 }, () => steps.join("\n")).join("\n")}`;
}

const shaded = '.editor-instance .view-overlays .cdr[class*="ced-"]';

/**
 * Measures the milliseconds from an event to shaded tokens on the screen.
 * @param hadAny whether the event first clears tokens that were already shaded
 */
async function untilShaded(begin: () => Promise<unknown>, hadAny: boolean): Promise<number> {
  if (!hadAny) await untilBare();
  const start = performance.now();
  const begun = begin();
  if (hadAny) await untilBare();
  await workbench.page.waitForFunction(
    (selector) => document.querySelectorAll(selector).length > 10,
    shaded,
    {
      polling: "raf",
    },
  );
  const time = performance.now() - start;
  await begun;
  return time;
}

async function untilBare(): Promise<void> {
  await workbench.page.waitForFunction(
    (selector) => document.querySelectorAll(selector).length <= 5,
    shaded,
    {
      polling: "raf",
    },
  );
}

const run = (): Promise<unknown> =>
  workbench.vs((vscode) => vscode.commands.executeCommand("rewardInspector.runModel"));

function median(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.round(share * (sorted.length - 1))] ?? 0);
  return `${at(0.5)} ms (${at(0)}–${at(1)}, ${sorted.length} rounds)`;
}

/** Returns the time that VS Code measured for loading the bundle and calling `activate`. */
async function activation(): Promise<string> {
  await workbench.vs((vscode) => vscode.commands.executeCommand("workbench.action.showRuntimeExtensions"));
  const line = workbench.page
    .locator(".runtime-extensions-editor .monaco-list-row")
    .filter({ hasText: /reward.inspector/i });
  await workbench.screenshot("running-extensions");
  return (await line.locator(".activation-time").textContent()) ?? "";
}

test("times are measured", { timeout: 600_000 }, async ({ skip }) => {
  skip(missing !== undefined, missing);
  console.log("activation, before any command:", await activation());
  await workbench.openFile("pairs.jsonl");
  console.log("command to shaded tokens, cold:", Math.round(await untilShaded(run, false)), "ms");

  // Devices are measured after the first answer.
  const measured = join(cache, "reward-inspector/devices.json");
  await expect.poll(() => existsSync(measured), { timeout: 60_000 }).toBe(true);
  await workbench.openFile("long.txt");
  const warm: number[] = [];
  const edits: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await workbench.vs((vscode) => vscode.commands.executeCommand("rewardInspector.clear"));
    // The text differs in each round, so that no scores are cached.
    await workbench.vs(async (vscode, name) => {
      const editor = vscode.window.activeTextEditor;
      const line = editor?.document.lineAt(0).range;
      if (line)
        await editor?.edit((edit) =>
          edit.replace(line, `${name} has 20 beads. He buys 2 bags of 3 beads. How many beads does he have?`),
        );
    }, ["Tom", "Leo", "Omar", "Sam", "Ben", "Max", "Ali"][round] ?? "Tom");
    warm.push(await untilShaded(run, false));
    edits.push(
      await untilShaded(
        () =>
          workbench.vs(async (vscode) => {
            const editor = vscode.window.activeTextEditor;
            const last = editor?.document.lineAt(editor.document.lineCount - 1).range.end;
            if (last) await editor?.edit((edit) => edit.insert(last, "1"));
          }),
        true,
      ),
    );
  }
  console.log("command to shaded tokens, warm, about 300 tokens:", median(warm));
  console.log("edit to shaded tokens:", median(edits));

  await writeLarge(join(workbench.workspace, "large.jsonl"), 100e6);
  const file = join(workbench.workspace, "large.jsonl");
  const opened = await untilShaded(async () => {
    await workbench.vs(
      (vscode, path) => vscode.commands.executeCommand("rewardInspector.openInParts", vscode.Uri.file(path)),
      file,
    );
    await run();
  }, true);
  console.log("100 MB of JSON Lines, first part open and shaded:", Math.round(opened), "ms");
  const lines = await workbench.vs((vscode) => vscode.window.activeTextEditor?.document.lineCount ?? 0);
  const jumps: number[] = [];
  for (let jump = 1; jump <= rounds; jump++) {
    jumps.push(
      await untilShaded(
        () =>
          workbench.vs(
            (vscode, line) => {
              const range = new vscode.Range(line, 0, line, 0);
              vscode.window.activeTextEditor?.revealRange(range, vscode.TextEditorRevealType.AtTop);
            },
            Math.floor((lines * jump) / (rounds + 1)),
          ),
        true,
      ),
    );
  }
  console.log(`a jump within its ${lines} lines to shaded tokens:`, median(jumps));
  expect(jumps).toHaveLength(rounds);
});

async function writeLarge(path: string, bytes: number): Promise<void> {
  const rows = (await readFile(join(root, "models/samples/pairs.jsonl"), "utf8")).trim().split("\n");
  const file = createWriteStream(path);
  for (let written = 0, i = 0; written < bytes; i++) {
    const line = `${(rows[i % rows.length] ?? "").replace("Step 1", `Step ${i}`)}\n`;
    written += line.length;
    if (!file.write(line)) await once(file, "drain");
  }
  file.end();
  await finished(file);
}
