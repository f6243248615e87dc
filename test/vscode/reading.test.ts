/** Tests what a user reads in the editor: shaded tokens, hovers, lenses, problems, low tokens, edits, and display. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { lowWord } from "./support/fixture-model";
import { problemsIn } from "./support/problems";
import { decorations, pick, quickInput } from "./support/ui";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

beforeAll(async () => {
  if (missing === undefined) workbench = await openWorkbench();
});

afterAll(() => workbench?.stop());

interface Cursor {
  readonly line: number;
  readonly character: number;
}

const cursor = (): Promise<Cursor> =>
  workbench.vs((vscode) => {
    const { line, character } = vscode.window.activeTextEditor?.selection.active ?? {
      line: -1,
      character: -1,
    };
    return { line, character };
  });

const setCursor = (line: number, character: number): Promise<void> =>
  workbench.vs(
    (vscode, at) => {
      const editor = vscode.window.activeTextEditor;
      if (editor) editor.selection = new vscode.Selection(at.line, at.character, at.line, at.character);
    },
    { line, character },
  );

const problems = () => problemsIn(workbench);

test("Run Reward Model shades the tokens of a file", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Run Reward Model");
  await expect.poll(() => decorations(workbench.page).count()).toBeGreaterThan(50);
  await expect.poll(async () => (await problems()).length).toBe(8);
  const lenses = workbench.page.locator(".codelens-decoration >> visible=true");
  await lenses.first().waitFor();
  const other = lenses.filter({ hasNotText: "margin +" });
  await expect.poll(() => other.allTextContents()).toEqual([]);
  await workbench.screenshot("reading-dark");
});

test("each problem marks the low word in the rejected completion", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const found = await problems();
  expect(found.map(({ text }) => text.trim())).toEqual(Array(8).fill(lowWord));
  const rows = await workbench.vs(
    (vscode) => vscode.window.activeTextEditor?.document.getText().trim().split("\n") ?? [],
  );
  rows.forEach((row, line) => {
    const own = found[line];
    expect(own?.line).toBe(line);
    expect(own?.message).toMatch(/^Low Q: −0\.\d\d at its lowest/);
    expect(own?.character).toBe(row.lastIndexOf(own?.text ?? "?"));
  });
});

test("navigation to the next low token wraps around at the end of the file", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const found = await problems();
  await setCursor(0, 0);
  for (const { line, character } of [...found, found[0]].filter((problem) => problem !== undefined)) {
    await workbench.command("Reward Inspector: Next Low-Q Token");
    await expect.poll(cursor).toEqual({ line, character });
  }
  await workbench.command("Reward Inspector: Previous Low-Q Token");
  await expect.poll(cursor).toEqual({ line: found.at(-1)?.line, character: found.at(-1)?.character });
});

test("a token's hover shows its numbers as text", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const [first] = await problems();
  const text = await workbench.vs(async (vscode, at) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined || at === undefined) return "";
    const hovers = await vscode.commands.executeCommand<{ contents: { value: string }[] }[]>(
      "vscode.executeHoverProvider",
      document.uri,
      new vscode.Position(at.line, at.character),
    );
    return hovers.flatMap(({ contents }) => contents.map(({ value }) => value)).join("\n");
  }, first);
  expect(text).toContain("preferred");
  expect(text).toMatch(/−[01]\.\d\d/);
  expect(text).toMatch(/token \d+ of \d+/);
  expect(text).toContain("Partial reward");
  expect(text).toContain("rewardInspector.compare");
});

test("lenses show rewards and margin above every row", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const titles = await workbench.vs(async (vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined) return [];
    const lenses = await vscode.commands.executeCommand<{ command?: { title: string } }[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
      100,
    );
    return lenses.map(({ command }) => command?.title ?? "");
  });
  expect(
    titles.filter((title) => /^chosen \+\d+\.\d · rejected −\d+\.\d · margin \+\d+\.\d ✓$/.test(title)),
  ).toHaveLength(8);
  expect(titles.filter((title) => title === "Compare")).toHaveLength(8);
});

test("an edit clears the shading of its row at once, and new scores follow", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const before = await problems();
  const isEdited = await workbench.vs(replaceLast, { from: `left ${lowWord}`, to: "left, yes" });
  expect(isEdited).toBe(true);
  await expect.poll(problems).toEqual(before.slice(1));
  await workbench.vs(replaceLast, { from: "left, yes", to: `left ${lowWord}` });
  await expect.poll(problems).toEqual(before);
});

/** Replaces the last match in the first line, and returns whether the edit was applied. */
async function replaceLast(
  vscode: typeof import("vscode"),
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const editor = vscode.window.activeTextEditor;
  const at = editor?.document.lineAt(0).text.lastIndexOf(from) ?? -1;
  if (!editor || at < 0) return false;
  return editor.edit((edit) => edit.replace(new vscode.Range(0, at, 0, at + from.length), to));
}

test("the threshold changes which tokens are low", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.command("Reward Inspector: Set Low-Q Threshold…");
  await quickInput(workbench.page).fill("-0.95");
  await workbench.page.keyboard.press("Enter");
  await expect.poll(problems).toEqual([]);
  await workbench.command("Reward Inspector: Set Low-Q Threshold…");
  await quickInput(workbench.page).fill("0");
  await workbench.page.keyboard.press("Enter");
  await expect.poll(async () => (await problems()).length).toBe(8);
});

test("shading switches between low tokens, all tokens, steps, and none", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const all = await decorations(workbench.page).count();
  await workbench.command("Reward Inspector: Highlight Low-Q Tokens");
  await expect.poll(() => decorations(workbench.page).count()).toBeLessThan(all / 2);
  await workbench.screenshot("reading-low-only-dark");
  await workbench.command("Reward Inspector: Highlight Low-Q Tokens");
  await expect.poll(() => decorations(workbench.page).count()).toBe(all);
  await workbench.command("Reward Inspector: Select What Is Shaded…");
  await pick(workbench.page, "step");
  await expect.poll(async () => (await problems()).length).toBe(8);
  await workbench.screenshot("reading-steps-dark");
  await workbench.command("Reward Inspector: Clear");
  await expect.poll(async () => (await problems()).length).toBe(0);
});
