/** Takes a screenshot of every view in every theme, and checks its accessibility with axe-core. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CompareState, Comparison, Display } from "../../extension/protocol/panels/compare";
import type { Change } from "../../extension/protocol/panels/panel";
import { accessibilityFaults } from "../support/accessibility";
import { chromium, missing } from "../support/machine";
import { needs } from "../support/needs";
import { type CompareBrowser, type ComparePage, startCompare } from "./compare-browser";
import {
  display,
  hostile,
  inspector,
  longNames,
  misranked,
  narrowBand,
  pair,
  stateOf,
  truncated,
  twoModels,
} from "./comparisons";
import { screenshotFile } from "./panel-page";
import { themes } from "./themes";

let browser: CompareBrowser;
beforeAll(async () => {
  if (chromium !== undefined) browser = await startCompare();
});
afterAll(() => browser?.close());

interface View {
  readonly name: string;
  readonly changes: readonly Change<CompareState>[];
  readonly width?: number;
  readonly height?: number;
  readonly after?: (panel: ComparePage) => Promise<void>;
}

const comparison = (shown: Comparison, chosen: Partial<Display> = {}): CompareState =>
  stateOf(shown, { display: { ...display, ...chosen } });
const status = (kind: "loading" | "empty" | "error", text: string): CompareState =>
  stateOf(pair, { status: { kind, text }, comparison: null });
const hover = async ({ page }: ComparePage): Promise<void> => {
  await page.locator(".card").nth(1).locator(".unit").nth(14).hover();
};

const views: readonly View[] = [
  { name: "loading", changes: [status("loading", "Loading arithmetic-steps…")] },
  {
    name: "empty",
    changes: [status("empty", "Put the cursor into a completion to compare it with another.")],
  },
  {
    name: "error",
    changes: [
      status(
        "error",
        "models/mine/config.json: num_hidden_layers is missing. Pick another model, or mend the file.",
      ),
    ],
  },
  { name: "pair", changes: [comparison(pair)] },
  { name: "pair-pointed", changes: [comparison(pair)], after: hover },
  { name: "pair-narrow", changes: [comparison(pair)], width: 640, height: 900, after: hover },
  { name: "pair-column", changes: [comparison(pair)], width: 400, height: 900 },
  { name: "long-names-column", changes: [comparison(longNames)], width: 400, height: 900 },
  { name: "pair-220", changes: [comparison(pair)], width: 220, height: 900 },
  { name: "truncated", changes: [comparison(truncated)] },
  { name: "narrow-band", changes: [comparison(narrowBand)] },
  { name: "narrow-band-range", changes: [comparison(narrowBand, { scale: "range" })] },
  { name: "misranked", changes: [comparison(misranked)] },
  { name: "inspector", changes: [comparison(inspector)] },
  { name: "two-models", changes: [comparison(twoModels)] },
  { name: "hostile", changes: [comparison(hostile)] },
  {
    name: "words-partial-reward",
    changes: [comparison(pair, { metric: "partial-reward", granularity: "word" })],
  },
  {
    name: "lines-q-change",
    changes: [comparison(pair, { metric: "q-change", granularity: "line" })],
  },
  {
    name: "busy",
    changes: [comparison(pair), { status: { kind: "loading", text: "Scoring row 18…" } }],
  },
];

describe.each(themes)("in the $name theme", (theme) => {
  needs(missing.chromium);
  let panel: ComparePage;
  beforeAll(async () => {
    if (chromium !== undefined) panel = await browser.open({ reducedMotion: "reduce" }, theme);
  });
  afterAll(() => panel?.page.context().close());

  test.each(views)("$name has no serious fault", async (view) => {
    const { page } = panel;
    await page.setViewportSize({ width: view.width ?? 1280, height: view.height ?? 800 });
    await page.mouse.move(0, 0);
    await panel.forgetPosted();
    for (const change of view.changes) await panel.set(change);
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
