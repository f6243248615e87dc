/** Drives the workbench's page as a user does. */
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";

/** Waits until the workbench has restored its state. */
export async function restored(page: Page): Promise<void> {
  await page.waitForFunction("window.driver?.whenWorkbenchRestored", null, { timeout: 60_000 });
  await page.evaluate("window.driver.whenWorkbenchRestored()");
}

/** Executes a command by its title from the palette, and retries if the palette closes or does not list it yet. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const attempts = 5;
  for (let attempt = 1; ; attempt++) {
    try {
      await page.keyboard.press("F1");
      await quickInput(page).fill(`>${title}`, { timeout: paletteLimit });
      await paletteLine(page, title).click({ timeout: paletteLimit });
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

/** Milliseconds to wait for the palette per attempt. */
const paletteLimit = 12_000;

function paletteLine(page: Page, title: string): Locator {
  const lines = page.locator(".quick-input-list .monaco-list-row");
  return lines.filter({ has: page.getByText(title, { exact: true }) }).first();
}

/** Locates the input field of the palette and of every quick pick. */
export function quickInput(page: Page): Locator {
  return page.locator(".quick-input-widget .quick-input-box input");
}

/** Picks the item with this text; only visible text counts, because items keep hidden text of earlier lists. */
export async function pick(page: Page, text: string): Promise<void> {
  const shown = page.getByText(text).filter({ visible: true });
  await page.locator(".quick-input-list .monaco-list-row").filter({ has: shown }).first().click();
}

/** Locates the background decorations of the visible lines. */
export function decorations(page: Page): Locator {
  return page.locator('.editor-instance .view-overlays .cdr[class*="ced-"]');
}

/** Returns the content of the visible webview, or of the `nth` one (from 0) if there are several. */
export function webviewIn(page: Page, nth = 0): FrameLocator {
  const outer = page.locator("iframe.webview.ready >> visible=true").nth(nth).contentFrame();
  return outer.locator("#active-frame").contentFrame();
}

/** Saves a screenshot in $SCREENSHOTS or a temporary folder, and returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const folder = process.env.SCREENSHOTS ?? join(tmpdir(), "reward-inspector-screenshots");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  return path;
}
