/** Tests that the panel stays usable with a very long completion. Times are printed, not asserted. */

import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromium, missing } from "../support/machine";
import { needs } from "../support/needs";
import { type CompareBrowser, startCompare } from "./compare-browser";
import { longPair, stateOf } from "./comparisons";

let browser: CompareBrowser;
beforeAll(async () => {
  if (chromium !== undefined) browser = await startCompare();
});
afterAll(() => browser?.close());

describe("a completion of 20,000 tokens", () => {
  needs(missing.chromium);
  test("is shown, shaded again and navigated by keyboard", { timeout: 240_000 }, async () => {
    const panel = await browser.open({ reducedMotion: "reduce" });
    const { page } = panel;
    const card = (side: number): Locator => page.locator(".pair .card").nth(side);
    const spent = async (name: string, act: () => Promise<void>): Promise<void> => {
      const start = performance.now();
      await act();
      console.log(`20,000 tokens per side, ${name}: ${Math.round(performance.now() - start)} ms`);
    };
    await spent("shown", async () => {
      await panel.set(stateOf(longPair(20_000)));
      await card(1).waitFor();
    });
    expect(await card(1).locator(".unit").count()).toBe(20_000);
    await page.getByRole("slider").focus();
    await spent("shaded again", () => page.keyboard.press("ArrowRight"));
    await card(1).locator(".unit").first().focus();
    await spent("next low token", () => page.keyboard.press("n"));
    const walked = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.unit);
    expect(Number(walked)).toBeGreaterThan(9_000);
    await spent("pointed from the editor", () => panel.notify({ type: "pointed", side: 0, token: 19_000 }));
    await card(0).locator(".pointed").waitFor();
    const seen = await card(0).locator(".pointed").boundingBox();
    expect(seen?.y).toBeLessThan(800);
    expect(panel.faults).toEqual([]);
    await page.context().close();
  });
});
