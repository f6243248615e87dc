/** Tests that a file over 50 MB, which VS Code doesn't pass to extensions, is opened, read and scored in parts. */
import { rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decorations } from "./support/ui";
import { note as noteIn } from "./support/views";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;
let file: string;
let rows = 0;

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench({ workspaceFiles: {} });
  file = join(workbench.workspace, "large.jsonl");
  const text = largeText(55e6);
  rows = text.length;
  await writeFile(file, text.map((line) => `${line}\n`).join(""));
});

afterAll(() => workbench?.stop());

/** Generates rows with their number; some are so long that parts would end inside them. */
function largeText(bytes: number): string[] {
  const lines: string[] = [];
  for (let written = 0, n = 0; written < bytes; n++) {
    const rejected = `Step 1: Tom has ${n} + 2 = ${n + 3} beads.\nAnswer: ${n + 3}`;
    const line = JSON.stringify({
      n,
      prompt: `Tom has ${n} beads. He finds 2 more. How many beads does he have?\n`,
      chosen: `Step 1: Tom has ${n} + 2 = ${n + 2} beads.\nAnswer: ${n + 2}`,
      rejected,
      note: "é".repeat(n % 50 === 0 ? 100_000 : 500),
    });
    lines.push(line);
    written += Buffer.byteLength(line) + 1;
  }
  return lines;
}

interface ShownPart {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly broken: number;
}

/** Describes the part in the active editor: its first and last row, and the number of lines that are not rows. */
function shown(): Promise<ShownPart> {
  return workbench.vs((vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    const lines = (document?.getText() ?? "").split("\n").filter((line) => line !== "");
    const numbers = lines.flatMap((line) => {
      try {
        return [(JSON.parse(line) as { n: number }).n];
      } catch {
        return [];
      }
    });
    return {
      name: document?.uri.path.slice(1) ?? "",
      first: numbers[0] ?? -1,
      last: numbers.at(-1) ?? -1,
      broken: lines.length - numbers.length,
    };
  });
}

const name = async (): Promise<string> => (await shown()).name;

const runCommand = (id: string): Promise<unknown> =>
  workbench.vs((vscode, command) => vscode.commands.executeCommand(command), id);

const note = (text: string): Promise<unknown> => noteIn(workbench, text);

async function isShaded(): Promise<void> {
  await runCommand("rewardInspector.runModel");
  await expect.poll(() => decorations(workbench.page).count()).toBeGreaterThan(10);
}

test("the command explains what to do, and its button opens the first part", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.vs(
    (vscode, path) => vscode.commands.executeCommand("vscode.open", vscode.Uri.file(path)),
    file,
  );
  await workbench.page.locator('.tab.active[data-resource-name="large.jsonl"]').waitFor();
  await workbench.command("Reward Inspector: Run Reward Model");
  await note("too large for VS Code extensions");
  await workbench.page.locator(".notifications-center").getByText("Open in Parts", { exact: true }).click();
  await expect.poll(name).toBe("large.jsonl, part 1 of 7");
  expect(await shown()).toMatchObject({ first: 0, broken: 0 });
  await isShaded();
  await workbench.screenshot("large-first-part");
});

test("parts follow one another up to the last, and no row is lost or cut", { timeout: 200_000 }, async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  let { last } = await shown();
  for (let part = 2; part <= 7; part++) {
    await workbench.command("Reward Inspector: Next Part of the File");
    await expect.poll(name).toBe(`large.jsonl, part ${part} of 7`);
    const now = await shown();
    expect(now).toMatchObject({ first: last + 1, broken: 0 });
    ({ last } = now);
  }
  expect(last).toBe(rows - 1);
  await isShaded();
  await workbench.screenshot("large-last-part");
  await runCommand("rewardInspector.nextPart");
  await note("this is the last part");
  await runCommand("rewardInspector.previousPart");
  await expect.poll(name).toBe("large.jsonl, part 6 of 7");
});

test("a file that becomes shorter is split again, and the user is notified", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await truncate(file, 18 * 2 ** 20);
  await runCommand("rewardInspector.nextPart");
  await note("large.jsonl has changed since this part was shown");
  await note("this is the last part");
  await runCommand("rewardInspector.previousPart");
  await expect.poll(name).toBe("large.jsonl, part 3 of 3");
  // The file now ends inside a row.
  expect((await shown()).broken).toBe(1);
});

test("a deleted file is reported, and the open part stays readable", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await rm(file);
  await runCommand("rewardInspector.previousPart");
  await note("large.jsonl: cannot be read");
  expect(await name()).toBe("large.jsonl, part 3 of 3");
  await isShaded();
});
