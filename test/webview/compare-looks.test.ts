/** Every view in every theme: a picture for people, and axe-core's judgment. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostMessage } from "../../extension/protocol/compare";
import { accessibilityFaults } from "../support/accessibility";
import { chromium, missing } from "../support/machine";
import { needs } from "../support/needs";
import { display, hostile, inspector, longNames, misranked, pair, twoModels } from "./comparisons";
import { type Panel, PanelBrowser, screenshotFile } from "./panel-page";
import { themes } from "./themes";

let browser: PanelBrowser;
beforeAll(async () => {
  if (chromium !== undefined) browser = await PanelBrowser.start();
});
afterAll(() => browser?.close());

interface View {
  readonly name: string;
  readonly messages: readonly HostMessage[];
  readonly width?: number;
  readonly height?: number;
  readonly after?: (panel: Panel) => Promise<void>;
}

const comparison = (shown: typeof pair): HostMessage => ({ type: "comparison", comparison: shown });
const hover = async ({ page }: Panel): Promise<void> => {
  await page.locator(".card").nth(1).locator(".unit").nth(14).hover();
};

const views: readonly View[] = [
  { name: "loading", messages: [{ type: "status", kind: "loading", text: "Loading arithmetic-steps…" }] },
  {
    name: "empty",
    messages: [
      { type: "status", kind: "empty", text: "Put the cursor into a completion to compare it with another." },
    ],
  },
  {
    name: "error",
    messages: [
      {
        type: "status",
        kind: "error",
        text: "models/mine/config.json: num_hidden_layers is missing. Pick another model, or mend the file.",
      },
    ],
  },
  { name: "pair", messages: [comparison(pair)] },
  { name: "pair-pointed", messages: [comparison(pair)], after: hover },
  { name: "pair-narrow", messages: [comparison(pair)], width: 640, height: 900, after: hover },
  { name: "pair-column", messages: [comparison(pair)], width: 400, height: 900 },
  { name: "long-names-column", messages: [comparison(longNames)], width: 400, height: 900 },
  { name: "misranked", messages: [comparison(misranked)] },
  { name: "inspector", messages: [comparison(inspector)] },
  { name: "two-models", messages: [comparison(twoModels)] },
  { name: "hostile", messages: [comparison(hostile)] },
  {
    name: "words-partial-reward",
    messages: [
      comparison({ ...pair, display: { ...display, metric: "partial-reward", granularity: "word" } }),
    ],
  },
  {
    name: "lines-q-change",
    messages: [comparison({ ...pair, display: { ...display, metric: "q-change", granularity: "line" } })],
  },
  {
    name: "busy",
    messages: [comparison(pair), { type: "status", kind: "loading", text: "Scoring row 18…" }],
  },
];

describe.each(themes)("in the $name theme", (theme) => {
  needs(missing.chromium);
  let panel: Panel;
  beforeAll(async () => {
    if (chromium !== undefined) panel = await browser.open({ reducedMotion: "reduce" }, theme);
  });
  afterAll(() => panel?.page.context().close());

  test.each(views)("$name has no serious fault", async (view) => {
    const { page } = panel;
    await page.setViewportSize({ width: view.width ?? 1280, height: view.height ?? 800 });
    await page.mouse.move(0, 0);
    await panel.forgetPosted();
    for (const message of view.messages) await panel.send(message);
    await view.after?.(panel);
    await page.screenshot({ path: screenshotFile(`compare-${view.name}-${theme.name}`) });
    const [scrollWidth, clientWidth] = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    expect(scrollWidth).toBe(clientWidth);
    expect(await accessibilityFaults(page.mainFrame())).toEqual([]);
    expect(panel.faults).toEqual([]);
  });
});
