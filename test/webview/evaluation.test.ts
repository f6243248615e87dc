/** Tests the evaluation panel: its numbers, its warnings, its requests, and its appearance in every theme. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  EvaluationIntent,
  EvaluationPage,
  EvaluationState,
} from "../../extension/protocol/panels/evaluation";
import { accessibilityFaults } from "../support/accessibility";
import { chromium, missing } from "../support/machine";
import { needs } from "../support/needs";
import { type Panel, PanelBrowser, screenshotFile, shownText } from "./panel-page";
import { darkModern, themes } from "./themes";

let browser: PanelBrowser<EvaluationState, never, EvaluationIntent>;
beforeAll(async () => {
  if (chromium !== undefined) browser = await PanelBrowser.start("evaluation");
});
afterAll(() => browser?.close());

const report: EvaluationPage = {
  title: "arithmetic-steps on holdout.jsonl",
  warnings: [
    "the model was trained on this data (4,000 pairs, run arithmetic-steps; only 1,000 pairs of it were held out), so these numbers do not tell how well it does on other data",
  ],
  heading: [
    "5,000 rows, 10,000 completions",
    "3 bad rows skipped",
    "rewards from -7.204 to 6.911, median 0.412",
  ],
  sections: [
    {
      title: "5,000 preference pairs",
      lines: [
        [
          "74.1%",
          "[72.9%, 75.3%]",
          "accuracy",
          "share with the higher reward on the chosen side; chance is 50%",
        ],
        ["1.204", "[1.120, 1.291]", "margin", "mean of chosen reward − rejected reward"],
      ],
    },
    {
      title: "800 correct completions, 12,000 incorrect ones",
      lines: [["0.812", "[0.801, 0.823]", "AUROC", "chance that a correct one has a higher reward"]],
      columns: {
        caption: "if only the first part of every completion is scored:",
        rows: [
          ["read", "10%", "20%", "50%", "100%"],
          ["AUROC", "0.51", "0.55", "0.67", "0.81"],
        ],
      },
    },
    {
      title: "412 incorrect solutions, 388 correct ones; goal state preferred",
      rule: "first token with Q below 0, ignoring the first 5 tokens of a completion",
      lines: [
        ["63.0%", "", "in the wrong step", "a random token is there in 22.0%"],
        ["14.0%", "", "before it", ""],
      ],
    },
  ],
  footing: "[95% intervals] from 1,000 bootstrap resamples of the 800 prompts, seed 1",
  notes: ["model: /models/arithmetic-steps/model", "device: cpu", "goal states: preferred"],
};

const shown: EvaluationState = {
  status: { kind: "shown", text: "" },
  report,
  dataset: "/data/holdout.jsonl",
  model: "/models/arithmetic-steps/model",
  hasMisranked: true,
};

type Opened = Panel<EvaluationState, never, EvaluationIntent>;

describe("the evaluation panel", () => {
  needs(missing.chromium);
  test("shows the numbers with their intervals, and the warnings above them", async () => {
    const panel = await browser.open();
    await panel.set(shown);
    const { page } = panel;
    await page.getByRole("heading", { name: report.title }).waitFor();
    const row = page.getByRole("row", { name: /accuracy/ });
    expect(await shownText(row)).toMatch(
      /accuracy\s+share with the higher[^\n]*\s+74\.1%\s+\[72\.9%, 75\.3%\]/,
    );
    // A section without intervals doesn't have a column for them.
    const steps = page.getByRole("region", { name: /incorrect solutions/ });
    expect(await steps.getByRole("columnheader").allTextContents()).toEqual(["Measure", "Value"]);
    expect(await shownText(page.getByRole("row", { name: /^50%/ }))).toMatch(/50%\s+0\.67/);
    const [warning, numbers] = await Promise.all([page.getByRole("note").boundingBox(), row.boundingBox()]);
    expect(await shownText(page.getByRole("note"))).toContain("The model was trained on this data");
    expect(warning?.y).toBeLessThan(numbers?.y ?? 0);
    expect(panel.faults).toEqual([]);
    await page.context().close();
  });

  test("asks for misranked pairs, a copy, and another evaluation", async () => {
    const panel = await browser.open();
    await panel.set(shown);
    const press = (name: string): Promise<void> => panel.page.getByRole("button", { name }).click();
    await press("Show Misranked Pairs");
    await press("Copy as Markdown");
    await press("Evaluate Again");
    expect(await panel.intents()).toEqual([
      { type: "show-misranked" },
      { type: "copy-markdown" },
      { type: "evaluate-again" },
    ]);
    await panel.set({ hasMisranked: false });
    await panel.page.getByRole("button", { name: "Show Misranked Pairs" }).waitFor({ state: "detached" });
    await panel.page.context().close();
  });

  test("keeps the report over a reload", async () => {
    const panel = await browser.open();
    await panel.set(shown);
    expect(await panel.page.evaluate(() => window.hostStub.state)).toEqual(shown);
    await panel.page.context().close();
  });

  test("shows names of files and models as text", async () => {
    const panel = await browser.open({}, darkModern);
    await panel.set({
      ...shown,
      report: { ...report, title: "<img src=x> on <b>d</b>", notes: ["<i>n</i>"] },
    });
    await panel.page.getByRole("heading", { name: "<img src=x> on <b>d</b>" }).waitFor();
    expect(await panel.page.locator("main img, h1 img, h1 b, main i").count()).toBe(0);
    await panel.page.context().close();
  });
});

describe.each(themes)("in the $name theme", (theme) => {
  needs(missing.chromium);
  let panel: Opened;
  beforeAll(async () => {
    panel = await browser.open({ reducedMotion: "reduce" }, theme);
  });
  afterAll(() => panel.page.context().close());

  test.each([1280, 400, 220])("%i pixels wide, it has no serious fault", async (width) => {
    const { page } = panel;
    await page.setViewportSize({ width, height: 800 });
    await panel.set(shown);
    await page.getByRole("heading", { name: report.title }).waitFor();
    await page.screenshot({ path: screenshotFile(`evaluation-${width}-${theme.name}`), fullPage: true });
    const [scrollWidth, clientWidth] = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    expect(scrollWidth).toBe(clientWidth);
    expect(await accessibilityFaults(page.mainFrame())).toEqual([]);
    expect(panel.faults).toEqual([]);
  });
});
