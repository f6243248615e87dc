import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { storedGoals } from "../../../../../extension/engine/checkpoint/goals/goal-list";
import { writeGoalState } from "../../../../../extension/engine/checkpoint/goals/goal-store";
import { foldersWithModels } from "../../../../../extension/engine/model-folder/folder";
import { temporaryFolder } from "../../../../support/temp-folder";

test("goal states are listed with their provenance, and a broken one with its problem", async () => {
  const folder = await temporaryFolder();
  expect(await storedGoals(folder)).toEqual([]);
  const provenance = {
    model: "m",
    dataset: "pairs.jsonl",
    strategy: "last",
    completions: 3,
    seed: 1,
    created: "2026-01-01T00:00:00.000Z",
  } as const;
  const file = await writeGoalState(
    folder,
    { name: "b", prototypes: 1, data: Float32Array.of(1, 2) },
    provenance,
  );
  const broken = join(folder, "goal_states", "a.safetensors");
  await writeFile(broken, "");
  expect(await storedGoals(folder)).toEqual([
    { name: "a", file: broken, provenance: {}, problem: expect.stringMatching(/truncated/) },
    { name: "b", file, provenance: expect.objectContaining({ dataset: "pairs.jsonl", completions: "3" }) },
  ]);
});

test("a folder with a configuration and a tokenizer is a model folder", async () => {
  const root = await temporaryFolder();
  const [model, settings, none] = ["model", "settings", "none"].map((name) => join(root, name));
  if (!model || !settings || !none) throw new Error("three folders");
  await mkdir(model);
  await mkdir(settings);
  for (const file of [
    join(model, "config.json"),
    join(model, "tokenizer.json"),
    join(settings, "config.json"),
  ])
    await writeFile(file, "{}");
  expect(await foldersWithModels([settings, model, none])).toEqual([model]);
});
