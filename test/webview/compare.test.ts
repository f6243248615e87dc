/** Tests what the compare panel shows and posts, its messages from the host, keyboard navigation, and saved state. */

import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromium, missing } from "../support/machine";
import { needs } from "../support/needs";
import { type CompareBrowser, type ComparePage, startCompare } from "./compare-browser";
import {
  display,
  hostile,
  hostileText,
  inspector,
  misranked,
  narrowBand,
  pair,
  stateOf,
  truncated,
  twoModels,
} from "./comparisons";
import { shownText } from "./panel-page";
import { darkModern, lightModern } from "./themes";

let browser: CompareBrowser;
let panel: ComparePage;

beforeAll(async () => {
  if (chromium !== undefined) browser = await startCompare();
});
afterAll(() => browser?.close());

const card = (side: number): Locator => panel.page.locator(".pair .card").nth(side);
const unit = (side: number, index: number): Locator => card(side).locator(".unit").nth(index);
const focusedUnit = (): Promise<readonly (string | undefined)[]> =>
  panel.page.evaluate(() => {
    const focused = document.activeElement as HTMLElement | null;
    return [focused?.closest("section")?.ariaLabel ?? undefined, focused?.dataset.unit];
  });

describe("the compare panel", () => {
  needs(missing.chromium);
  beforeEach(async () => {
    panel = await browser.open({ reducedMotion: "reduce" });
    await panel.set(stateOf(pair));
    await card(0).waitFor();
    await panel.forgetPosted();
  });
  afterEach(async () => {
    expect(panel.faults).toEqual([]);
    await panel.page.context().close();
  });

  test("shows rewards, figures, margin and place", async () => {
    expect(await shownText(card(0).locator(".reward"))).toContain("+3.1");
    expect(await shownText(card(0).locator(".list"))).toMatch(/better than 91%\s+lowest Q 0\.62/);
    expect(await shownText(card(1).locator(".list"))).toMatch(/lowest Q −0\.83[\s\S]*low tokens 17 of 31/);
    expect(await shownText(panel.page.locator(".margin"))).toMatch(
      /\+4\.6\s+ranked correctly\s+99% for chosen/,
    );
    expect(await shownText(panel.page.locator(".place").first())).toBe("17 / 512");
    expect(await shownText(card(1).locator(".strip"))).toBe(`${pair.sides[1]?.text}<eos>`);
    expect(await shownText(card(1).locator(".unit:has(.parting)"))).toBe(" 52");
    expect(await card(0).locator(".unit.low").count()).toBe(0);
    expect(await card(1).locator(".unit.low").count()).toBe(17);
  });

  test("labels a misranked pair and shows its warnings", async () => {
    await panel.set(stateOf(misranked));
    await panel.page.getByText("ranked incorrectly", { exact: true }).waitFor();
    expect(await shownText(card(0).locator(".warnings"))).toContain("no end-of-sequence token");
  });

  test("shows values below the tokens of a single completion, and no margin", async () => {
    await panel.set(stateOf(inspector));
    await panel.page.getByRole("heading", { name: "notes.md" }).waitFor();
    expect(await card(0).locator(".unit").nth(14).getAttribute("data-value")).toBe("−0.35");
    expect(await panel.page.locator(".margin").count()).toBe(0);
    const tops = await Promise.all([15, 16].map(async (i) => (await unit(0, i).boundingBox())?.y ?? 0));
    expect(tops[1]).toBeGreaterThan(tops[0] ?? 0);
  });

  test("marks a token under the mouse on both sides, explains it, and tells the host", async () => {
    await unit(1, 14).hover();
    const tooltip = panel.page.getByRole("tooltip");
    expect(await shownText(tooltip)).toMatch(/" 52"\s*id \d+ · token 15 of 31/);
    expect(await shownText(tooltip)).toMatch(
      /Q preferred\s+−0\.35\s+Q step-correct\s+−0\.28\s+Q before\s+0\.84\s+partial reward\s+−1\.19/,
    );
    expect(await shownText(card(1).locator(".pointed"))).toBe(" 52");
    expect(await shownText(card(0).locator(".counterpart"))).toBe(" 42");
    expect(await panel.nextIntent("pointed")).toEqual({ type: "pointed", side: 1, token: 14 });
    await panel.page.getByRole("status").filter({ hasText: "token 15 of 31" }).waitFor({ state: "attached" });
    await panel.page.keyboard.press("Escape");
    expect(await tooltip.isHidden()).toBe(true);
    await panel.page.mouse.move(640, 2);
    expect(await panel.nextIntent("pointed")).toEqual({ type: "pointed", side: 1, token: null });
    expect(await panel.page.locator(".pointed, .counterpart").count()).toBe(0);
  });

  test("the chart points at the token under the mouse", async () => {
    const canvas = panel.page.locator("canvas");
    expect(await canvas.getAttribute("aria-label")).toMatch(
      /rejected: from 0\.62 to −0\.76 over 31 tokens, lowest −0\.83 at token 27/,
    );
    const box = await canvas.boundingBox();
    if (!box) throw new Error("the chart is not shown");
    await panel.page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.7);
    const { side, token } = await panel.nextIntent("pointed");
    expect(side).toBe(1);
    expect(token).toBeGreaterThan(12);
    expect(token).toBeLessThan(20);
    expect(await card(1).locator(".pointed").getAttribute("data-unit")).toBe(`${token}`);
    expect(await panel.page.getByRole("tooltip").isVisible()).toBe(true);
    await panel.page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.7);
    expect(await panel.nextIntent("reveal")).toEqual({ type: "reveal", side: 1, token });
  });

  test("a token under the editor's cursor is marked, and not reported back", async () => {
    await panel.notify({ type: "pointed", side: 0, token: 20 });
    await card(0).locator(".pointed").waitFor();
    expect(await shownText(card(0).locator(".pointed"))).toBe(",");
    expect(await panel.posted()).toEqual([]);
    await panel.notify({ type: "pointed", side: 0, token: null });
    await card(0).locator(".pointed").waitFor({ state: "detached" });
  });

  test("a strip is one tab stop, navigated with arrows, Home, End and N", async () => {
    await panel.page.locator(".prompt").focus();
    const { keyboard } = panel.page;
    const press = async (key: string): Promise<readonly (string | undefined)[]> => {
      await keyboard.press(key);
      return focusedUnit();
    };
    expect(await press("Tab")).toEqual(["chosen", "0"]);
    expect(await press("ArrowRight")).toEqual(["chosen", "1"]);
    expect(await press("ArrowDown")).toEqual(["rejected", "1"]);
    expect(await press("n")).toEqual(["rejected", "14"]);
    expect(await press("n")).toEqual(["rejected", "15"]);
    expect(await press("Shift+N")).toEqual(["rejected", "14"]);
    expect(await press("Shift+N")).toEqual(["rejected", "14"]);
    expect(await press("End")).toEqual(["rejected", "30"]);
    expect(await press("ArrowRight")).toEqual(["rejected", "30"]);
    expect(await press("Home")).toEqual(["rejected", "0"]);
    expect(await press("ArrowUp")).toEqual(["chosen", "0"]);
    expect(await press("Tab")).toEqual(["rejected", "0"]);
    await keyboard.press("Enter");
    expect(await panel.nextIntent("reveal")).toEqual({ type: "reveal", side: 1, token: 0 });
    expect((await panel.intents()).some(({ type }) => type === "go")).toBe(false);
    expect(await unit(1, 14).getAttribute("aria-label")).toBe(
      '" 52", Q-value −0.35, low, texts diverge here',
    );
  });

  test("keys and buttons go through the pairs, but not while a control has the focus", async () => {
    const { keyboard } = panel.page;
    await keyboard.press("n");
    expect(await panel.nextIntent("go")).toEqual({ type: "go", to: "next" });
    await keyboard.press("p");
    expect(await panel.nextIntent("go")).toEqual({ type: "go", to: "previous" });
    await keyboard.press("m");
    expect(await panel.nextIntent("go")).toEqual({ type: "go", to: "next-misranked" });
    await panel.page.getByRole("button", { name: "Next pair" }).click();
    expect(await panel.nextIntent("go")).toEqual({ type: "go", to: "next" });
    await panel.forgetPosted();
    await panel.page.getByRole("slider", { name: "Low below" }).focus();
    await keyboard.press("n");
    expect(await panel.posted()).toEqual([]);
  });

  test("pickers and the slider change the display and tell the host", async () => {
    const { page } = panel;
    const slider = page.getByRole("slider", { name: "Low below" });
    await slider.focus();
    await page.keyboard.press("End");
    expect(await panel.nextIntent("display")).toEqual({ type: "display", display: { threshold: 1 } });
    expect(await card(0).locator(".unit.low").count()).toBe(31);
    await panel.forgetPosted();
    await page.getByRole("combobox", { name: "Shade by" }).click();
    await page.getByRole("option", { name: "Sentences" }).click();
    expect(await panel.nextIntent("display")).toEqual({
      type: "display",
      display: { granularity: "sentence" },
    });
    expect(await card(0).locator(".unit").count()).toBe(3);
    await panel.forgetPosted();
    await page.getByRole("combobox", { name: "Metric" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await panel.nextIntent("display")).toEqual({ type: "display", display: { metric: "q-change" } });
    expect(await slider.isDisabled()).toBe(true);
    // The host has processed all three changes and then reset them.
    await panel.set({ display }, 3);
    await page.waitForFunction(
      () => document.querySelectorAll(".pair .card:first-child .unit").length === 31,
    );
    expect(await card(0).locator(".unit.low").count()).toBe(0);
  });

  test("an answer from the host does not overwrite a newer choice", async () => {
    const { page } = panel;
    const slider = page.getByRole("slider", { name: "Low below" });
    await slider.focus();
    await page.keyboard.press("End");
    const first = (await panel.nextPosted("display")).sequence;
    await page.keyboard.press("Home");
    await panel.set({ display: { ...display, threshold: 1 } }, first);
    await page.waitForTimeout(50);
    expect(await shownText(page.locator(".control .value"))).toBe("−1.00");
    await panel.set({}, 2);
    await expect.poll(() => shownText(page.locator(".control .value"))).toBe("1.00");
  });

  test("dragging the threshold sends few bytes and creates no elements", async () => {
    const { page } = panel;
    await page.evaluate(() => {
      const counts = { made: 0, painted: 0 };
      Object.assign(window, { counts });
      new MutationObserver((records) => {
        for (const { type } of records) counts[type === "childList" ? "made" : "painted"]++;
      }).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-bucket"] });
    });
    await page.evaluate(async () => {
      const slider = document.querySelector<HTMLInputElement>("input[type=range]");
      for (let i = 0; slider && i < 60; i++) {
        slider.valueAsNumber = i / 100;
        slider.dispatchEvent(new Event("input"));
        await new Promise((resolve) => setTimeout(resolve, 16));
      }
    });
    await panel.set({ display: { ...display, threshold: 0.59 } }, 60);
    await page.waitForTimeout(150);
    const counts = await page.evaluate(
      () => (window as unknown as { counts: Record<string, number> }).counts,
    );
    expect(counts.made).toBe(0);
    expect(counts.painted).toBeGreaterThan(0);
    // A repaint changes at most the 62 units of this pair.
    expect(counts.painted).toBeLessThan(60 * 62);
    const posted = await panel.posted();
    const largest = Math.max(...posted.map((message) => JSON.stringify(message).length));
    expect(largest).toBeLessThan(150);
    expect(posted.length).toBeLessThan(25);
  });

  test("truncated texts get no verdict, and the truncation is marked", async () => {
    await panel.set(stateOf(truncated));
    await panel.page.getByText("no verdict: text was cut off").waitFor();
    expect(await panel.page.locator(".margin .ranked, .margin .misranked, .bar").count()).toBe(0);
    expect(await shownText(card(0).locator(".cut"))).toBe("cut off: 15 tokens did not fit");
    const order = await card(0)
      .locator(".cut")
      .evaluate((cut) => [cut.previousElementSibling?.className, cut.nextElementSibling?.className]);
    expect(order).toEqual(["unit", "unscored"]);
  });

  test("a narrow band of values is named, and shows its differences when colors span the range", async () => {
    await panel.set(stateOf(narrowBand));
    const legend = panel.page.locator(".legend");
    await expect.poll(() => shownText(legend)).toMatch(/is between 0\.81 and 0\.83/);
    const buckets = (): Promise<number> =>
      panel.page.evaluate(
        () =>
          new Set([...document.querySelectorAll<HTMLElement>(".unit")].map(({ dataset }) => dataset.bucket))
            .size,
      );
    expect(await buckets()).toBe(1);
    await panel.page.getByRole("combobox", { name: "Colors" }).click();
    await panel.page.getByRole("option", { name: "Range shown" }).click();
    expect(await panel.nextIntent("display")).toEqual({ type: "display", display: { scale: "range" } });
    expect(await buckets()).toBeGreaterThan(8);
    expect(await panel.page.locator(".unit.low").count()).toBe(0);
    expect(await shownText(legend)).toContain("no token is below the threshold 0.00");
  });

  test("letter keys do nothing after VS Code's find box is opened", async () => {
    const { page } = panel;
    await page.keyboard.press("Control+f");
    await page.keyboard.type("none");
    expect(await panel.intents()).toEqual([]);
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await page.keyboard.press("n");
    expect(await panel.nextIntent("go")).toEqual({ type: "go", to: "next" });
  });

  test("hostile text of a completion stays text", async () => {
    await panel.set(stateOf(hostile));
    await panel.page.getByRole("heading", { name: "<b>hostile</b>.jsonl, row 1" }).waitFor();
    const { page } = panel;
    expect(await page.evaluate(() => "wasRun" in window)).toBe(false);
    expect(await page.locator("main img, main script, main b b, main i, main u").count()).toBe(0);
    const strip = await shownText(card(0).locator(".strip"));
    expect(strip).toContain(hostileText.script);
    expect(strip).toContain(hostileText.markup);
    expect(strip).toContain("👩‍👩‍👧‍👦");
    expect(strip).toContain("U+202E");
    expect(strip).not.toContain("\u202e");
    await unit(0, 4).hover();
    expect(await shownText(page.getByRole("tooltip"))).toContain('" \\u{0}\\u{1b}[31m\\u{7}"');
  });

  test("loading keeps the old comparison visible, and an error replaces it until the next comparison", async () => {
    await panel.set({ status: { kind: "loading", text: "Scoring…" } });
    await panel.page.getByRole("progressbar", { name: "Scoring" }).waitFor();
    expect(await card(0).isVisible()).toBe(true);
    await panel.set({ status: { kind: "error", text: "config.json: <b>broken</b>" } });
    await panel.page.getByRole("alert").waitFor();
    expect(await shownText(panel.page.getByRole("alert"))).toBe("config.json: <b>broken</b>");
    expect(await panel.page.locator(".card").count()).toBe(0);
    await panel.set(stateOf(pair));
    await card(0).waitFor();
    expect(await panel.page.locator(".busy").isHidden()).toBe(true);
  });

  test("an unknown message is answered with an error", async () => {
    await panel.page.evaluate(() =>
      window.postMessage({ type: "state", change: { comparison: {} }, taken: 0 }, "*"),
    );
    expect(await panel.nextProblem()).toContain("does not understand");
    expect(await card(0).isVisible()).toBe(true);
  });

  test("the subject of the comparison survives a reload, but its tokens do not", async () => {
    const state = await panel.page.evaluate(() => window.hostStub.state);
    expect(state).toEqual({ subject: stateOf(pair).subject });
    const again = await browser.open({ reducedMotion: "reduce" }, darkModern, state);
    await again.page.getByText("Waiting for scores…").waitFor();
    expect(await again.posted()).toEqual([{ type: "ready" }]);
    expect(await again.page.evaluate(() => window.hostStub.state)).toEqual(state);
    await again.page.context().close();
  });

  test("a side without values does not mention low tokens", async () => {
    const [first, second] = twoModels.sides;
    if (!first || !second) throw new Error("two sides are needed");
    const q = { mine: new Float32Array(second.tokens.ids.length).fill(0.5) };
    const sides = [first, { ...second, tokens: { ...second.tokens, q } }];
    await panel.set(stateOf({ ...twoModels, sides }));
    await card(1).getByText("contrastive").waitFor();
    expect(await shownText(card(0).locator(".list"))).toContain("low tokens 17 of 31");
    expect(await shownText(card(1).locator(".list"))).toMatch(/^better than 12%$/);
    expect(await card(1).locator("[data-bucket]").count()).toBe(0);
  });

  test("a change of theme changes the shading", async () => {
    const fill = (): Promise<string> =>
      unit(1, 26).evaluate((made) => getComputedStyle(made).backgroundColor);
    const before = await fill();
    await panel.setTheme(lightModern);
    await expect.poll(fill).not.toBe(before);
  });
});
