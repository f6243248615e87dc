/** Tests exports in the workbench: the save dialog, the files that are written, and the failures. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { root } from "../support/fixture";
import { launchBrowser } from "./support/browser";
import { pick, quickInput } from "./support/ui";
import { defaultModel, missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

const hostile = "<img src=x onerror='window.wasRun = true'><script>window.wasRun = true</script>";
const rows = [
  { prompt: "Tom has 20 beads and keeps 5. ", chosen: "He gives 15 away.", rejected: "He gives 25 away." },
  undefined,
  { prompt: hostile, chosen: `A ${hostile} 😀 é`, rejected: "B </style>" },
];
const mixed = [...rows.map((row) => (row ? JSON.stringify(row) : "")), "this is no row", ""].join("\n");

beforeAll(async () => {
  if (missing !== undefined) return;
  workbench = await openWorkbench({
    workspaceFiles: { "mixed.jsonl": mixed },
    settings: { "files.simpleDialog.enable": true },
  });
  await workbench.openFile("mixed.jsonl");
});

afterAll(() => workbench?.stop());

const path = (name: string): string => join(workbench.workspace, name);

const note = (text: string | RegExp): Locator =>
  workbench.page.locator(".notifications-center .notification-list-item", { hasText: text });

async function showNotes(): Promise<void> {
  await workbench.vs((vscode) => vscode.commands.executeCommand("notifications.showList"));
}

/** Accepts the path that the save dialog suggests, or enters another one. */
async function saveAs(file?: string): Promise<void> {
  const { page } = workbench;
  const dialog = page.locator(".quick-input-widget", {
    has: page.locator(".quick-input-title", { hasText: /^Export/ }),
  });
  // Until the dialog opens, the field has the value of the previous one.
  await dialog.waitFor();
  await expect.poll(() => quickInput(page).inputValue()).toMatch(/^\/.*\.(jsonl|png|html)$/);
  // The dialog ignores input while it reads the folder, and may then restore the name that it suggests.
  await expect
    .poll(async () => {
      if (!(await dialog.isVisible())) return false;
      const isWritten = file === undefined || (await quickInput(page).inputValue()) === file;
      if (isWritten) await dialog.getByText("OK", { exact: true }).click({ timeout: 2_000 });
      else await quickInput(page).fill(file);
      return dialog.isVisible();
    })
    .toBe(false);
}

/** Splits a text into its numbers and the text between them. */
function numbersIn(text: string): (string | number)[] {
  return text.split(/(-?\d+\.\d+)/).map((part, i) => (i % 2 === 0 ? part : Number(part)));
}

test("the scores are the same as on the command line", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.command("Reward Inspector: Export Scores…");
  await saveAs();
  await expect.poll(() => existsSync(path("mixed.scores.jsonl"))).toBe(true);
  await showNotes();
  await note("Wrote the scores of 4 completions to mixed.scores.jsonl; 1 row could not be scored.").waitFor();
  const cli = execFileSync(
    process.execPath,
    [join(root, "dist/cli.js"), "score", path("mixed.jsonl"), "-m", defaultModel(), "--json", "--tokens"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  // The last digits depend on the kernels, and the devices may be measured between the two exports.
  expect(numbersIn(readFileSync(path("mixed.scores.jsonl"), "utf8"))).toEqual(
    numbersIn(cli).map((value) => (typeof value === "number" ? expect.closeTo(value, 4) : value)),
  );
  expect(readdirSync(workbench.workspace).sort()).toEqual(["mixed.jsonl", "mixed.scores.jsonl"]);
});

test("an existing file is only replaced after confirmation", async ({ skip }) => {
  skip(missing !== undefined, missing);
  writeFileSync(path("mixed.scores.jsonl"), "mine");
  await workbench.command("Reward Inspector: Export Scores…");
  await saveAs();
  const question = workbench.page.getByText(/already exists/).first();
  await question.waitFor();
  await workbench.screenshot("export-overwrite");
  await workbench.page
    .getByText(/^(No|Cancel)$/)
    .first()
    .click();
  await question.waitFor({ state: "hidden" });
  await workbench.page.keyboard.press("Escape");
  expect(readFileSync(path("mixed.scores.jsonl"), "utf8")).toBe("mine");
  await workbench.command("Reward Inspector: Export Scores…");
  await saveAs();
  await workbench.page
    .getByText(/^(Yes|Replace|OK)$/)
    .first()
    .click();
  await expect.poll(() => readFileSync(path("mixed.scores.jsonl"), "utf8").length).toBeGreaterThan(1000);
});

test("a path that cannot be written to is reported with the reason", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.command("Reward Inspector: Export Scores…");
  // Not even root can write there.
  await saveAs("/proc/scores.jsonl");
  await showNotes();
  await note(
    /Export Scores: \/proc\/scores\.jsonl: could not be written \(.+\); nothing was changed/,
  ).waitFor();
});

test("the comparison is exported as a picture", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await workbench.command("Reward Inspector: Compare Chosen vs Rejected");
  await workbench.webview().locator(".card").first().waitFor();
  await workbench.command("Reward Inspector: Export Comparison…");
  await pick(workbench.page, "Picture");
  await saveAs("/proc/picture.png");
  await showNotes();
  await note(/picture\.png: could not be written/).waitFor();
  expect(await workbench.webview().locator(".card").count()).toBe(3);
  await workbench.command("Reward Inspector: Export Comparison…");
  await pick(workbench.page, "Picture");
  await saveAs();
  const file = path("mixed.jsonl-row-1.png");
  await expect.poll(() => existsSync(file)).toBe(true);
  const browser = await launchBrowser(inject("chromium"));
  try {
    const page = await browser.newPage();
    const data = readFileSync(file).toString("base64");
    const [width, colors] = await page.evaluate(async (png) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d");
      context?.drawImage(image, 0, 0);
      const pixels = context?.getImageData(0, 0, image.width, image.height).data.buffer;
      return [image.width, new Set(new Uint32Array(pixels ?? new ArrayBuffer(0))).size];
    }, data);
    expect(width).toBe(2400);
    expect(colors).toBeGreaterThan(100);
  } finally {
    await browser.close();
  }
});

test("the comparison is exported as a self-contained page that shows hostile text as text", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  await workbench.vs(async (vscode) => {
    const editor = vscode.window.visibleTextEditors[0];
    if (editor) editor.selection = new vscode.Selection(2, 150, 2, 150);
  });
  await workbench.webview().getByText("mixed.jsonl, row 2").waitFor();
  await workbench.webview().getByRole("button", { name: "Export as HTML" }).click();
  await saveAs(path("page.html"));
  await expect.poll(() => existsSync(path("page.html"))).toBe(true);
  await showNotes();
  await note("Exported page.html").waitFor();
  const browser = await launchBrowser(inject("chromium"));
  try {
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`file://${path("page.html")}`);
    expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([`file://${path("page.html")}`]);
    expect(await page.locator(".strip").first().textContent()).toContain(`A ${hostile} 😀 é`);
    expect(await page.locator(".prompt").textContent()).toBe(hostile);
    expect(await page.evaluate(() => "wasRun" in window)).toBe(false);
    const chart = page.getByRole("img", { name: /by token\. chosen: from/ });
    expect(await chart.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(1000);
    await page.screenshot({ path: await workbench.screenshot("exported-page"), fullPage: true });
  } finally {
    await browser.close();
  }
});

test("an exported picture opens from its notification", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await showNotes();
  await note("Exported mixed.jsonl-row-1.png").getByText("Open", { exact: true }).click();
  await workbench.page.locator('.tab.active[data-resource-name="mixed.jsonl-row-1.png"]').waitFor();
});
