/** Finds the views of Reward Inspector, its notifications, and its questions, as a user does. */
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { type Theme, themes } from "../../../build/workbench/settings";
import type { OpenWorkbench } from "./workbench";

/** Opens the view container of Reward Inspector. */
export async function openViews(page: Page): Promise<void> {
  await page.locator('.activitybar [aria-label="Reward Inspector"]').first().click();
}

/** Locates a view, including its title bar. */
export function view(page: Page, title: string): Locator {
  return page.locator(".pane", { has: page.locator(`.pane-header .title:text-is("${title}")`) });
}

/** Locates the item of a view that has this name. */
export function line(page: Page, title: string, name: string): Locator {
  const named = page.getByText(name, { exact: true });
  return view(page, title).locator(".monaco-list-row").filter({ has: named });
}

/** Executes a command from the context menu of an item. It retries, because a menu that just opened ignores clicks. */
export async function fromMenu(page: Page, on: Locator, command: string): Promise<void> {
  await on.click({ button: "right" });
  const item = page.locator(".monaco-menu .action-label", { hasText: command }).first();
  await item.waitFor();
  await expect
    .poll(async () => {
      if (await item.isVisible()) await item.click({ timeout: 1000 }).catch(() => undefined);
      return item.isVisible();
    })
    .toBe(false);
}

/** Waits for a title, a prompt or an item of the open quick input; a placeholder does not count as text. */
export function asked(page: Page, text: string): Promise<void> {
  return page.locator(".quick-input-widget").getByText(text).filter({ visible: true }).first().waitFor();
}

/** Waits for a notification with this text, and reopens the list, which closes when it becomes empty. */
export async function note({ page, vs }: OpenWorkbench, text: string): Promise<Locator> {
  const found = page.locator(".notifications-center .notification-list-item", { hasText: text }).first();
  await expect
    .poll(async () => {
      await vs((vscode) => vscode.commands.executeCommand("notifications.showList"));
      return found.isVisible();
    })
    .toBe(true);
  return found;
}

/** Clears all notifications. */
export async function clearNotes({ vs }: OpenWorkbench): Promise<void> {
  await vs((vscode) => vscode.commands.executeCommand("notifications.clearAll"));
}

const classes: Readonly<Record<Theme, string>> = {
  dark: "vs-dark",
  light: "vs",
  "high-contrast": "hc-black",
  "high-contrast-light": "hc-light",
};

export async function setTheme({ page, vs }: OpenWorkbench, theme: Theme): Promise<void> {
  await vs(
    (vscode, value) => vscode.workspace.getConfiguration("workbench").update("colorTheme", value, true),
    themes[theme],
  );
  await page.locator(`.monaco-workbench.${classes[theme]}`).waitFor();
}
