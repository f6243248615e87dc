import { expect, test } from "vitest";
import { runsTable } from "../../../../extension/cli/commands/runs";
import { defaultSettings } from "../../../../extension/protocol/train-settings";
import { runRecord } from "../../../support/runs";

test("each run is a line with its progress, best evaluation and settings", () => {
  const last = { kind: "evaluation", step: 40, loss: 1, pairs: 3, isBest: true } as const;
  const runs = [
    {
      folder: "/runs/killed",
      status: "interrupted",
      record: runRecord({ step: 30, best: { step: 30, loss: 0.98765, accuracy: 0.7125 } }),
      last,
    },
    {
      folder: "/runs/warm-up",
      status: "finished",
      record: runRecord({
        step: 51,
        settings: { ...defaultSettings, method: "full", objective: "language-model" },
      }),
    },
    { folder: "/runs/torn", problem: "run.json: is not valid JSON" },
  ] as const;
  const text = runsTable(runs).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d$/gm, "WHEN");
  expect(text).toMatchInlineSnapshot(`
    "run      status        step  best loss  accuracy  method                lambda  started
    killed   interrupted  40/51      0.988     71.3%  lora                     0.5  WHEN
    warm-up  finished     51/51          –         –  full, language model       –  WHEN
    torn  cannot be read: run.json: is not valid JSON"
  `);
});

test("there is no heading if all runs are broken", () => {
  expect(runsTable([{ folder: "/runs/torn", problem: "cannot be read" }])).toBe(
    "torn  cannot be read: cannot be read",
  );
});
