/** Every kind of file: which of its characters are completion, as the shading shows it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

const prompt =
  "Tom has 20 beads. He puts all his beads equally into 4 bags and keeps one bag. He buys 2 bags of 3 beads. He finds 2 more beads. How many beads does he have in the end?\n";
const solution = (bought: number): string =>
  [
    "Step 1: Tom keeps 20 / 4 = 5 beads.",
    `Step 2: That is 2 * 3 = ${bought} beads.`,
    `Step 3: Tom now has 5 + ${bought} = ${5 + bought} beads.`,
    `Step 4: Tom now has ${5 + bought} + 2 = ${7 + bought} beads.`,
    `Answer: ${7 + bought}`,
  ].join("\n");
const right = solution(6);
const wrong = solution(7);
/** As a writer that escapes more than it must. */
const escaped = JSON.stringify(wrong).replaceAll("/", "\\/").replaceAll("beads", "\\u0062eads");
const hostile = "<img src=x onerror=alert(1)> `code` [link](command:x) **bold** \u202e 😀\n";

const files = {
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

/** Text under the problems of the file, after it was run. */
async function lowTexts(file: string): Promise<readonly string[]> {
  await workbench.openFile(file);
  await workbench.vs((vscode) => vscode.commands.executeCommand("rewardLens.runModel"));
  return problemTexts();
}

function problemTexts(): Promise<readonly string[]> {
  return workbench.vs((vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined) return [];
    return vscode.languages
      .getDiagnostics(document.uri)
      .filter(({ source }) => source === "Reward Lens")
      .map(({ range }) => document.getText(range));
  });
}

test.for([
  ["pairs.jsonl", ["\\nAnswer: 14"]],
  ["rows.json", ["\\nAnswer: 14"]],
  ["solution.md", ["\nAnswer: 14"]],
] as const)("%s: what is low lies in the wrong completion", async ([file, ends], { skip }) => {
  skip(missing !== undefined, missing);
  await lowTexts(file);
  await expect.poll(problemTexts).toHaveLength(ends.length);
  const found = await problemTexts();
  expect(found.map((text, i) => text.endsWith(ends[i] ?? "?"))).toEqual(found.map(() => true));
});

test("escapes are mapped to the characters that write them", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await lowTexts("escaped.jsonl");
  await expect.poll(problemTexts).toHaveLength(1);
  const [text] = await problemTexts();
  expect(text?.endsWith("\\u0062eads.\\nAnswer: 14")).toBe(true);
});

test.for(["messages.jsonl", "transcript.txt", "chat.md", "plain.txt"])(
  "%s is scored, or says why it cannot be",
  async (file, { skip }) => {
    skip(missing !== undefined, missing);
    await lowTexts(file);
    const lenses = (): Promise<readonly string[]> =>
      workbench.vs(async (vscode) => {
        const { document } = vscode.window.activeTextEditor ?? {};
        if (document === undefined) return [];
        const found = await vscode.commands.executeCommand<{ command?: { title: string } }[]>(
          "vscode.executeCodeLensProvider",
          document.uri,
          50,
        );
        return found.map(({ command }) => command?.title ?? "");
      });
    await expect.poll(async () => (await lenses()).join("\n")).toMatch(/[+−]\d+\.\d|⚠/);
  },
);

test("a selection is marked as the completion, and the marks are taken back", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("plain.txt");
  await workbench.vs(async (vscode) => {
    const editor = vscode.window.activeTextEditor;
    if (editor) editor.selection = new vscode.Selection(1, 0, 1, 9);
    await vscode.commands.executeCommand("rewardLens.markCompletion");
  });
  await expect.poll(async () => (await problemTexts()).every((text) => !text.includes("Tom"))).toBe(true);
});

test("hostile rows are shown as text, and bad ones named", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await lowTexts("hostile.jsonl");
  await workbench.command("Reward Lens: Compare Chosen vs Rejected");
  const strip = workbench.webview().locator(".strip").first();
  await expect.poll(() => strip.textContent()).toContain("<img src=x onerror=alert(1)>");
  expect(await workbench.webview().locator("img").count()).toBe(0);
  await workbench.screenshot("hostile");
  await lowTexts("invalid.jsonl");
});

test("JSON is not marked by hand, and the user is told why", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Lens: Mark Selection as Completion");
  await workbench.page.getByText("is JSON, whose fields say what is prompt").first().waitFor();
});
