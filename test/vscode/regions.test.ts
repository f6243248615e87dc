/** Tests, for every kind of file, which characters are shaded as the completion. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { themes } from "../../build/workbench/settings";
import { checkpoint } from "../support/fixture";
import { lowWord } from "./support/fixture-model";
import { problemsIn } from "./support/problems";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

const prompt =
  "Tom has 20 beads. He puts all his beads equally into 4 bags and keeps one bag. He buys 2 bags of 3 beads. He finds 2 more beads. How many beads does he have in the end?\n";
const solution = (bought: number): string =>
  [
    "Step 1: Tom keeps 20 / 4 = 5 beads.",
    `Step 2: That is 2 * 3 = ${bought} beads${bought === 6 ? "" : ` ${lowWord}`}.`,
    `Step 3: Tom now has 5 + ${bought} = ${5 + bought} beads.`,
    `Step 4: Tom now has ${5 + bought} + 2 = ${7 + bought} beads.`,
    `Answer: ${7 + bought}`,
  ].join("\n");
const right = solution(6);
const wrong = solution(7);
/** The completion in JSON that escapes more characters than necessary. */
const escaped = JSON.stringify(wrong).replaceAll("/", "\\/").replaceAll(lowWord, "\\u006fops");
const hostile = "<img src=x onerror=alert(1)> `code` [link](command:x) **bold** \u202e 😀\n";

/** The files of a model without a chat template. */
const bare = Object.fromEntries(
  ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"].map((name) => [
    `bare/${name}`,
    readFileSync(join(checkpoint, name)),
  ]),
);

const files = {
  ...bare,
  "pairs.jsonl": `${JSON.stringify({ prompt, chosen: right, rejected: wrong })}\n`,
  "escaped.jsonl": `{"prompt":${JSON.stringify(prompt)},"completion":${escaped}}\r\n\r\n{"broken":\r\n`,
  "rows.json": JSON.stringify(
    [
      { prompt, chosen: right, rejected: wrong },
      { prompt, completion: right },
    ],
    null,
    2,
  ),
  "rows.csv": `prompt,chosen,rejected\n${[prompt, right, `${wrong} "so"`].map((cell) => `"${cell.replaceAll('"', '""')}"`).join()}\n`,
  "pasted.txt": `${JSON.stringify({ prompt, chosen: right, rejected: wrong })}\n`,
  "messages.jsonl": `${JSON.stringify({
    messages: [
      { role: "user", content: prompt.trim() },
      { role: "assistant", content: wrong },
    ],
  })}\n`,
  "transcript.txt": `\n\nHuman: ${prompt.trim()}\n\nAssistant: ${wrong}\n\nHuman: Sure?\n\nAssistant: ${right}\n`,
  "chat.md": `## User\n\n${prompt.trim()}\n\n## Assistant\n\n${wrong}\n`,
  "solution.md": `${prompt}${wrong}\n`,
  "plain.txt": `${wrong}\n`,
  "hostile.jsonl": `${JSON.stringify({ prompt: hostile, chosen: hostile + right, rejected: hostile + wrong })}\n{"a":1,"a":2}\n${"[".repeat(100_000)}\n`,
  "invalid.jsonl": Buffer.concat([
    Buffer.from('{"prompt":"a","completion":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}\n'),
  ]),
};

beforeAll(async () => {
  if (missing === undefined) workbench = await openWorkbench({ workspaceFiles: files });
});

afterAll(() => workbench?.stop());

/** Scores a file and returns the text that its problems mark. */
async function lowTexts(file: string): Promise<readonly string[]> {
  await workbench.openFile(file);
  await workbench.vs((vscode) => vscode.commands.executeCommand("rewardInspector.runModel"));
  return problemTexts();
}

async function problemTexts(): Promise<readonly string[]> {
  return (await problemsIn(workbench)).map(({ text }) => text);
}

test.for(["pairs.jsonl", "rows.json", "rows.csv", "pasted.txt", "solution.md"])(
  "%s: only the low word is underlined",
  async (file, { skip }) => {
    skip(missing !== undefined, missing);
    await lowTexts(file);
    await expect.poll(problemTexts).toEqual([` ${lowWord}`]);
  },
);

test("tokens are mapped to the escape sequences that encode them", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await lowTexts("escaped.jsonl");
  await expect.poll(problemTexts).toEqual([" \\u006fops"]);
});

/** Returns the lenses of the active file with their lines. */
function lenses(): Promise<readonly { readonly title: string; readonly line: number }[]> {
  return workbench.vs(async (vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined) return [];
    const found = await vscode.commands.executeCommand<
      { command?: { title: string }; range: { start: { line: number } } }[]
    >("vscode.executeCodeLensProvider", document.uri, 50);
    return found.map(({ command, range }) => ({ title: command?.title ?? "", line: range.start.line }));
  });
}

async function titles(): Promise<readonly string[]> {
  return (await lenses()).map(({ title }) => title);
}

const scoredTitle = /[+−]\d+\.\d/;

test.for(["transcript.txt", "plain.txt"])("%s is scored", async (file, { skip }) => {
  skip(missing !== undefined, missing);
  await lowTexts(file);
  await expect.poll(async () => (await titles()).join("\n")).toMatch(scoredTitle);
  expect((await titles()).join("\n")).not.toContain("⚠");
});

test("a Markdown chat is scored like the same messages in a row, and its answer is shaded", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  await lowTexts("messages.jsonl");
  await expect.poll(async () => (await titles())[0]).toMatch(scoredTitle);
  const [ofMessages] = await titles();
  await lowTexts("chat.md");
  await expect.poll(titles).toEqual([ofMessages, "as a conversation", "Inspect"]);
  await expect.poll(problemTexts).toEqual([` ${lowWord}`]);
  // The cursor is in the user's turn, so the status bar shows the reward of its answer.
  const [reward = "?"] = ofMessages?.match(/reward \S+/) ?? [];
  await workbench.page.locator(".statusbar-item").filter({ hasText: reward }).waitFor();
});

test("a chat is plain text for a model without a chat template, and a lens says so", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const use = (model: string): Promise<void> =>
    workbench.vs(
      async (vscode, value) => vscode.workspace.getConfiguration("rewardInspector").update("model", value),
      model,
    );
  await lowTexts("chat.md");
  await use("./bare");
  await expect.poll(titles).toContain("as plain text");
  await expect.poll(async () => (await titles())[0]).toMatch(scoredTitle);
  await workbench.page.locator(".codelens-decoration").getByText("as plain text").waitFor();
  await workbench.screenshot("regions-plain-chat");
  await use("");
  await expect.poll(titles).toContain("as a conversation");
});

test("text is scored as a conversation as soon as it becomes a chat", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.vs(async (vscode, content) => {
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("rewardInspector.runModel");
  }, `User: ${prompt}`);
  await expect.poll(async () => (await titles())[0]).toMatch(scoredTitle);
  await workbench.vs(async (vscode, added) => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) => edit.insert(editor.document.lineAt(1).range.start, added));
  }, `Assistant: ${wrong}`);
  await expect.poll(titles).toContain("as a conversation");
  expect((await lenses()).map(({ line }) => line)).toEqual([1, 1, 1]);
});

test("rows pasted into an empty document are scored after Run Reward Model", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.vs(async (vscode) => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "plaintext" }));
    await vscode.commands.executeCommand("rewardInspector.runModel");
  });
  await workbench.vs(async (vscode, pasted) => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), pasted));
  }, files["pasted.txt"]);
  await expect.poll(async () => (await titles())[0]).toMatch(/^chosen .*margin/);
});

test("a selection is marked as the completion; the mark follows its text and can be removed", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("plain.txt");
  const select = (line: number, end: number): Promise<void> =>
    workbench.vs(
      async (vscode, [from, to]) => {
        const editor = vscode.window.activeTextEditor;
        if (editor) editor.selection = new vscode.Selection(from, 0, to, 0);
        await vscode.commands.executeCommand("rewardInspector.markCompletion");
      },
      [line, end] as const,
    );
  const lines = async (): Promise<readonly number[]> => (await lenses()).map(({ line }) => line);
  await select(2, 4);
  await expect.poll(lines).toEqual([2, 2, 2]);
  await expect.poll(async () => (await titles())[0]).toMatch(scoredTitle);
  const [before] = await titles();
  await workbench.page.locator(".codelens-decoration").getByText("marked by hand").waitFor();
  await workbench.screenshot("regions-marked");
  await workbench.vs(async (vscode) => {
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), "Let us see.\n"));
  });
  await expect.poll(lines).toEqual([3, 3, 3]);
  // The text before the mark is now longer, so it is scored again.
  await expect.poll(async () => (await titles())[0]).toMatch(scoredTitle);
  expect((await titles())[0]).not.toBe(before);
  await workbench.vs(async (vscode) => {
    await vscode.commands.executeCommand("undo");
  });
  await expect.poll(titles).toEqual([before, "marked by hand", "Inspect"]);
  expect(await lines()).toEqual([2, 2, 2]);
  await select(0, 0);
  await expect.poll(lines).toEqual([0, 0]);
});

test("prompt and completion look different in every theme", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const wear = (theme: string): Promise<void> =>
    workbench.vs(
      async (vscode, value) =>
        vscode.workspace.getConfiguration("workbench").update("colorTheme", value, true),
      theme,
    );
  for (const [name, theme] of Object.entries(themes)) {
    await wear(theme);
    for (const file of ["transcript.txt", "chat.md"]) {
      await lowTexts(file);
      await workbench.page.locator(".codelens-decoration").getByText("reward").first().waitFor();
      await workbench.screenshot(`regions-${file.replace(/\W/, "-")}-${name}`);
    }
  }
  await wear(themes.dark);
});

test("hostile rows are shown as text", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await lowTexts("hostile.jsonl");
  await workbench.command("Reward Inspector: Compare Chosen vs Rejected");
  const strip = workbench.webview().locator(".strip").first();
  await expect.poll(() => strip.textContent()).toContain("<img src=x onerror=alert(1)>");
  expect(await workbench.webview().locator("img").count()).toBe(0);
  await workbench.screenshot("hostile");
  await lowTexts("invalid.jsonl");
});

test("JSON cannot be marked by hand, and a message explains why", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Mark Selection as Completion");
  await workbench.page.getByText("is a dataset, so its fields define the completions").first().waitFor();
});
