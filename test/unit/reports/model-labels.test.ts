import { expect, test } from "vitest";
import { Checkpoint } from "../../../extension/engine/checkpoint/reading/checkpoint";
import { inspectModel } from "../../../extension/engine/scoring/inspection";
import { openModel } from "../../../extension/engine/scoring/reward-model";
import { goalFacts, modelFacts, withoutDoubles } from "../../../extension/reports/model-labels";
import { checkpoint } from "../../support/fixture";

test("the facts of a model come from its checkpoint", async () => {
  const inspection = await inspectModel(await openModel(await Checkpoint.open(checkpoint)));
  const facts = Object.fromEntries(modelFacts(inspection));
  expect(facts).toMatchObject({
    Family: expect.stringMatching(/^llama, \d+ layers? of width \d+$/),
    Parameters: expect.stringMatching(/^[\d,.]+ \(\w+\)$/),
    Memory: expect.stringMatching(/^about \d+ MB$/),
    "Reward read at": expect.stringMatching(/^last token that is not the padding token/),
    "Goal states": "preferred",
    Folder: checkpoint,
  });
  const bare = Object.fromEntries(modelFacts({ ...inspection, goalStates: [], head: null, notes: ["so"] }));
  expect(bare).toMatchObject({
    "Goal states": "none yet",
    "Reward head": "none: Q-values only",
    Note: "so",
  });
  expect(bare).not.toHaveProperty("Reward read at");
});

test("of models with the same folder, the first is kept, in order", () => {
  const models = [
    { name: "a", model: "/a", origin: "default" },
    { name: "b", model: "/b", origin: "added" },
    { name: "a", model: "/a", origin: "workspace" },
    { name: "c", model: "/c", origin: "run" },
  ] as const;
  expect(withoutDoubles(models)).toEqual([models[0], models[1], models[3]]);
});

test("a goal state shows the origin that its file records", () => {
  expect(
    goalFacts({
      format: "reward-inspector-goal",
      dataset: "pairs.jsonl",
      strategy: "last",
      completions: "40",
    }),
  ).toEqual([
    ["Dataset", "pairs.jsonl"],
    ["Strategy", "last"],
    ["Preferred completions", "40"],
  ]);
  const [[, made] = []] = goalFacts({ created: "2026-05-04T10:20:30.456Z" });
  expect(made).toMatch(/^2026-05-0[345] \d\d:\d\d$/);
  expect(goalFacts({ created: "once" })).toEqual([["Made", "once"]]);
  expect(goalFacts({})).toEqual([]);
});
