/** Tests exports: the picture is complete, and the page is self-contained and has no scripts. */

import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Comparison } from "../../extension/protocol/panels/compare";
import { chromium, missing } from "../support/machine";
import { needs } from "../support/needs";
import { type CompareBrowser, type ComparePage, startCompare } from "./compare-browser";
import { hostile, hostileText, inspector, longPair, pair, stateOf } from "./comparisons";
import { screenshotFile, shownText } from "./panel-page";
import { highContrast, lightModern } from "./themes";

let browser: CompareBrowser;
beforeAll(async () => {
  if (chromium !== undefined) browser = await startCompare();
});
afterAll(() => browser?.close());

const opened = async (comparison: Comparison, theme = lightModern): Promise<ComparePage> => {
  const panel = await browser.open({}, theme);
  await panel.set(stateOf(comparison));
  await panel.page.locator(".card").first().waitFor();
  return panel;
};

const exported = async (panel: ComparePage, format: "png" | "html"): Promise<string> => {
  await panel.notify({ type: "export", format });
  const { data } = await panel.nextIntent("exported");
  expect(panel.faults).toEqual([]);
  await panel.page.context().close();
  return data;
};

describe("an export", () => {
  needs(missing.chromium);
  test("is made by the page itself when its button is pressed", async () => {
    const panel = await opened(pair);
    await panel.page.getByRole("button", { name: "Export as PNG" }).click();
    const { format, data } = await panel.nextIntent("exported");
    expect(format).toBe("png");
    expect(Buffer.from(data, "base64").subarray(1, 4).toString("latin1")).toBe("PNG");
    await panel.page.context().close();
  });

  test.each([
    ["pair-light", pair, lightModern],
    ["inspector-high-contrast", inspector, highContrast],
    ["hostile-light", hostile, lightModern],
  ] as const)("%s is a picture of the whole page", async (name, comparison, theme) => {
    const png = Buffer.from(await exported(await opened(comparison, theme), "png"), "base64");
    writeFileSync(screenshotFile(`export-${name}`), png);
    expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(width).toBe(2400);
    expect(height).toBeGreaterThan(900);
    // A picture of a single color compresses to far less.
    expect(png.length).toBeGreaterThan(40_000);
  });

  test("of a page too long for an image is refused with an alternative", { timeout: 240_000 }, async () => {
    const panel = await opened(longPair(20_000));
    await panel.notify({ type: "export", format: "png" });
    expect(await panel.nextProblem()).toBe(
      "The comparison could not be exported: it is too long for an image; export it as HTML",
    );
    await panel.page.context().close();
  });

  test("as HTML has the text and the chart, and no scripts", async () => {
    const html = await exported(await opened(pair), "html");
    expect(html).not.toMatch(/<script|https?:|src="(?!data:)|var\(--/);
    const page = await browser.openFile(html);
    expect(await page.title()).toBe(pair.title);
    const text = await shownText(page.locator("body"));
    for (const part of ["+3.1", "+4.6", "ranked correctly", pair.prompt, "low below 0.00"])
      expect(text).toContain(part);
    expect(await shownText(page.locator(".strip").nth(1))).toBe(`${pair.sides[1]?.text}<eos>`);
    expect(await page.locator(".unit.low").count()).toBe(17);
    expect(await page.locator(".unit").nth(45).getAttribute("title")).toContain("Q-value −0.35, low");
    expect(
      await page.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth),
    ).toBeGreaterThan(1000);
    // The background around the page has the same color, whatever the window's width.
    expect(await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
      await page.locator(".page").evaluate((part) => getComputedStyle(part).backgroundColor),
    );
    await page.screenshot({ path: screenshotFile("export-page-light"), fullPage: true });
    await page.context().close();
  });

  test("as HTML shows hostile text as text", async () => {
    const page = await browser.openFile(await exported(await opened(hostile), "html"));
    expect(await page.evaluate(() => "wasRun" in window)).toBe(false);
    expect(await page.locator("script, img:not([alt])").count()).toBe(0);
    expect(await shownText(page.locator(".strip").first())).toContain(hostileText.markup);
    expect(await page.title()).toBe(hostile.title);
    await page.context().close();
  });
});
