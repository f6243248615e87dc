/** Tests comparisons other than the row under the cursor, and the panel after files close and windows reload. */
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { samples } from "./support/fixture-model";
import { pick, quickInput } from "./support/ui";
import { defaultModel, missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

interface Pair {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

const lines = readFileSync(join(samples, "pairs.jsonl"), "utf8").trim().split("\n");
const pairs = lines.map((line) => JSON.parse(line) as Pair);
/** The completions of rows 3 and 6 are swapped, so the model misranks these rows. */
const swapped = pairs.map((pair, i) =>
  i === 2 || i === 5 ? { ...pair, chosen: pair.rejected, rejected: pair.chosen } : pair,
);

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench({
    workspaceFiles: {
      "swapped.jsonl": `${swapped.map((pair) => JSON.stringify(pair)).join("\n")}\n`,
      "others.jsonl": `${JSON.stringify({ prompt: "Two and two? ", completion: "Step 1: 2 + 2 = 5." })}\n`,
    },
  });
  turnedModel(join(workbench.workspace, "turned"));
  await workbench.openFile("others.jsonl");
  await workbench.openFile("swapped.jsonl");
});

afterAll(() => workbench?.stop());

/** Writes the default model with the sign of its reward flipped and its goal state renamed. */
function turnedModel(folder: string): void {
  cpSync(defaultModel(), folder, { recursive: true });
  const weights = join(folder, "model.safetensors");
  const bytes = readFileSync(weights);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, start).toString()) as {
    "score.weight": { data_offsets: [number, number] };
  };
  const [from, to] = header["score.weight"].data_offsets;
  for (let at = start + from; at < start + to; at += 4) bytes.writeFloatLE(-bytes.readFloatLE(at), at);
  writeFileSync(weights, bytes);
  const [goal = ""] = readdirSync(join(folder, "goal_states"));
  renameSync(join(folder, "goal_states", goal), join(folder, "goal_states", "mine.safetensors"));
}

const panel = () => workbench.webview();
const texts = (selector: string): Promise<string[]> => panel().locator(selector).allTextContents();
const title = (): Promise<string | null> => panel().locator("h1").textContent();
const setCursor = (line: number, character: number): Promise<void> =>
  workbench.vs(
    async (vscode, at) => {
      const [editor] = vscode.window.visibleTextEditors;
      if (editor) editor.selection = new vscode.Selection(at.line, at.character, at.line, at.character);
    },
    { line, character },
  );
const run = (command: string): Promise<void> =>
  workbench.vs(async (vscode, name) => {
    await vscode.commands.executeCommand(name);
  }, command);

test("a file that is not scored yet is scored by the panel", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.command("Reward Inspector: Compare Chosen vs Rejected");
  await panel().getByText("ranked correctly").waitFor();
  expect(await title()).toBe("swapped.jsonl, row 1");
});

test("the next misranked pair is found, also past the end of the file", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const next = panel().getByRole("button", { name: /Next misranked/ });
  for (const place of ["3 / 8", "6 / 8", "3 / 8"]) {
    await next.click();
    await panel().getByText(place).waitFor();
    expect(await panel().locator(".margin.misranked").count()).toBe(1);
  }
  await workbench.screenshot("workbench-misranked");
});

test("a comparison of one completion under two models follows the cursor", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await run("workbench.action.focusFirstEditorGroup");
  await setCursor(0, 0);
  await workbench.command("Reward Inspector: Compare Under Two Models…");
  await pick(workbench.page, "turned");
  await expect.poll(() => texts("h2 span:first-child")).toEqual(["default", "turned"]);
  expect(await title()).toBe("swapped.jsonl, row 1, chosen");
  const [ours = "", theirs = ""] = await texts(".reward");
  expect(ours).toContain("+");
  expect(theirs).toBe(ours.replace("+", "−"));
  expect(await texts(".strip")).toEqual(Array(2).fill(`${pairs[0]?.chosen}<|endoftext|>`));
  expect(await texts(".warnings")).toEqual([
    "",
    "this model has no goal state preferred, so it has no Q-values for it",
  ]);
  const chart = panel().locator("canvas");
  expect(await chart.getAttribute("aria-label")).toMatch(/default: from .*\. turned: no values\./);
  await panel().getByRole("combobox", { name: "Metric" }).click();
  await panel().getByRole("option", { name: "Partial reward" }).click();
  await expect.poll(() => chart.getAttribute("aria-label")).toMatch(/default: from .*\. turned: from /);
  expect((await chart.boundingBox())?.height).toBeGreaterThan(100);
  await workbench.screenshot("workbench-two-models");
  await setCursor(1, swapped[1] ? JSON.stringify(swapped[1]).indexOf(swapped[1].rejected.slice(0, 9)) : 0);
  await expect.poll(title).toBe("swapped.jsonl, row 2, chosen");
  await panel()
    .getByRole("button", { name: /Next pair/ })
    .click();
  await expect.poll(title).toBe("swapped.jsonl, row 3, chosen");
  expect(await texts("h2 span:first-child")).toEqual(["default", "turned"]);
  await panel().getByRole("combobox", { name: "Metric" }).click();
  await panel().getByRole("option", { name: "Q-value" }).click();
});

test("any two completions of one file or two files can be compared", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await run("workbench.action.focusFirstEditorGroup");
  await setCursor(0, 0);
  await workbench.command("Reward Inspector: Compare with Another Completion…");
  const list = workbench.page.locator(".quick-input-list");
  await list.getByText("1: rejected").waitFor();
  // The completion itself is not offered.
  expect(await list.getByText("1: chosen").count()).toBe(0);
  await workbench.screenshot("workbench-another-completion");
  await pick(workbench.page, "2: rejected");
  await expect.poll(title).toBe("swapped.jsonl, rows 1 and 2");
  expect(await texts("h2 span:first-child")).toEqual(["row 1, chosen", "row 2, rejected"]);
  expect(await texts(".strip")).toEqual(
    [pairs[0]?.chosen, pairs[1]?.rejected].map((text) => `${text}<|endoftext|>`),
  );
  expect((await texts(".prompt"))[0]).toContain(pairs[1]?.prompt.trim());

  await workbench.command("Reward Inspector: Compare with Another Completion…");
  await list.getByText("1: rejected").waitFor();
  await quickInput(workbench.page).fill("2 + 2 = 5");
  await pick(workbench.page, "1: completion");
  await expect.poll(title).toBe("swapped.jsonl, row 1 · others.jsonl");
  expect(await texts("h2 span:first-child")).toEqual([
    "swapped.jsonl, row 1, chosen",
    "others.jsonl, completion",
  ]);
  expect((await texts(".strip"))[1]).toBe("Step 1: 2 + 2 = 5.<|endoftext|>");
  const difference = await panel().locator(".margin").textContent();
  expect(difference).toMatch(/[+−]\d+\.\d+second − first/);
});

test("a closed file is opened again when a token of it is clicked", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await run("workbench.action.focusFirstEditorGroup");
  await setCursor(2, 0);
  await workbench.command("Reward Inspector: Compare Chosen vs Rejected");
  await expect.poll(title).toBe("swapped.jsonl, row 3");
  await run("workbench.action.closeEditorsInGroup");
  const open = (): Promise<number> => workbench.vs((vscode) => vscode.window.visibleTextEditors.length);
  await expect.poll(open).toBe(0);
  await panel()
    .getByRole("button", { name: /Next pair/ })
    .click();
  await expect.poll(title).toBe("swapped.jsonl, row 4");
  const unit = panel().locator(".strip").nth(1).locator(".unit").nth(2);
  const text = await unit.textContent();
  await unit.click();
  await expect
    .poll(() =>
      workbench.vs((vscode) => {
        const { document, selection } = vscode.window.activeTextEditor ?? {};
        return document?.getText(selection);
      }),
    )
    .toBe(text);
  // The file opens beside the panel and does not cover it.
  expect(await panel().locator(".strip").count()).toBe(2);
});

test("the panel is restored after a reload and still works", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const lines = swapped.map((pair) => `${JSON.stringify(pair)}\n`);
  const start = lines.slice(0, 3).join("").length;
  await expect.poll(() => isKept(workbench.page, [start, start + (lines[3]?.length ?? 0)])).toBe(true);
  await workbench.reload();
  await expect.poll(title).toBe("swapped.jsonl, row 4");
  await panel()
    .getByRole("button", { name: /Next misranked/ })
    .click();
  await expect.poll(title).toBe("swapped.jsonl, row 6");
  await workbench.screenshot("workbench-reloaded");
});

/**
 * Checks whether the saved state has a panel that shows an offset in this range of swapped.jsonl. The workbench saves
 * what is open every few seconds, when it is idle.
 */
function isKept(page: Page, range: readonly [start: number, end: number]): Promise<boolean> {
  return page.evaluate(async ([start, end]) => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name));
      try {
        if (!database.objectStoreNames.contains("ItemTable")) continue;
        const table = database.transaction("ItemTable").objectStore("ItemTable");
        const values = await answer(table.getAll());
        // The subject is triply nested JSON.
        const places = values.flatMap((value) => [
          ...String(value).matchAll(/swapped\.jsonl[^}]{1,60}offset[^\d}]{1,60}(\d+)/g),
        ]);
        if (places.some(([, offset]) => Number(offset) >= start && Number(offset) < end)) return true;
      } finally {
        database.close();
      }
    }
    return false;
  }, range);
}
