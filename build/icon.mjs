/**
 * Renders media/icon.svg to media/icon.png at 128 × 128 for the Marketplace. REWARD_INSPECTOR_CHROMIUM sets the Chromium
 * to use.
 */
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const media = new URL("../media/", import.meta.url);
const svg = await readFile(new URL("icon.svg", media), "utf8");
const executablePath = process.env.REWARD_INSPECTOR_CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
  await page.screenshot({ path: new URL("icon.png", media).pathname, omitBackground: true });
} finally {
  await browser.close();
}
