import { expect, test } from "vitest";
import { defaultSettings } from "../../../../extension/protocol/train-settings";
import { planFields } from "../../../../extension/training/form/plan-fields";
import type { RunPlaces } from "../../../../extension/training/form/run-places";
import {
  defaultMethod,
  defaultPlan,
  forDataset,
  freeName,
  planSettings,
  type TrainingPlan,
} from "../../../../extension/training/form/training-plan";

const small = { parameters: 1.9e6, maxPositions: 512 };
const large = { parameters: 135e6, maxPositions: 8192 };
const named = { name: "pairs-lora", place: "/runs" };
const plan = defaultPlan(named, "lora", large);

test("the default is to train all weights of small models and an adapter of large ones", () => {
  expect([small, large].map(defaultMethod)).toEqual(["full", "lora"]);
  expect(defaultPlan(named, "full", small).learningRate).toBeGreaterThan(
    defaultPlan(named, "full", large).learningRate,
  );
});

test("the longest sequence does not exceed the model's limit", () => {
  expect(defaultPlan(named, "full", small).maxLength).toBe(512);
  expect(plan.maxLength).toBe(defaultSettings.maxLength);
});

test("the head alone is trained without the contrastive loss, which would change nothing", () => {
  expect(defaultPlan(named, "head", large).lambda).toBe(0);
  expect(planSettings(plan, large).loss.lambda).toBe(0.5);
});

test("settings come from the plan, with the engine's defaults for the rest", () => {
  const settings = planSettings({ ...plan, maxSteps: 7, lambda: 0.25, batchSize: 4, evalShare: 0 }, large);
  expect(settings).toMatchObject({
    method: "lora",
    maxSteps: 7,
    batchSize: 4,
    evalShare: 0,
    lora: defaultSettings.lora,
    loss: { ...defaultSettings.loss, lambda: 0.25 },
  });
  expect(planSettings(plan, large)).not.toHaveProperty("maxSteps");
});

test("checkpoints of whole large models are written less often", () => {
  const every = (method: "full" | "lora", model: typeof small): number =>
    planSettings(defaultPlan(named, method, model), model).saveSteps;
  expect(every("full", large)).toBeGreaterThan(every("lora", large));
  expect(every("full", small)).toBe(every("lora", large));
});

test.each([
  ["pairs-lora", [], "pairs-lora"],
  ["pairs-lora", ["pairs-lora", "pairs-lora-2"], "pairs-lora-3"],
  ["my pairs (1)", [], "my-pairs-1-"],
  ["../..", [], "run"],
  ["", ["run"], "run-2"],
])("from %j, if %j are taken, the free name is %s", (wanted, taken, name) => {
  expect(freeName(wanted, taken)).toBe(name);
});

test.each([
  ["pairs-lora", "sums-lora"],
  ["pairs-lora-2", "sums-lora"],
  ["pairs-lora-best", "pairs-lora-best"],
  ["mine", "mine"],
])("on another dataset, the name %s becomes %s", (name, renamed) => {
  expect(forDataset({ ...plan, name }, "data/pairs.jsonl.gz", "/sums.csv")).toEqual({
    ...plan,
    name: renamed,
  });
});

const places: RunPlaces = {
  taken: (folder) => (folder === "/runs" ? ["taken"] : folder === "/full" ? ["pairs-lora"] : []),
  problem: (folder) => (folder.startsWith("/") ? undefined : "Enter an absolute path."),
};
const fields = planFields(places, 512);

function enter(name: string, text: string): unknown {
  const field = fields.find((one) => one.name === name);
  if (!field) throw new Error(`there is no field ${name}`);
  const entry = field.enter(plan, text);
  return "problem" in entry ? entry.problem : entry[field.name];
}

test.each([
  ["epochs", "0.5", 0.5],
  ["maxSteps", "12", 12],
  ["maxSteps", " ", undefined],
  ["lambda", "0", 0],
  ["learningRate", "2e-4", 2e-4],
  ["batchSize", "8", 8],
  ["maxLength", "512", 512],
  ["evalShare", "0.1", 0.1],
  ["name", " fine_1 ", "fine_1"],
  ["place", " /mnt/runs ", "/mnt/runs"],
])("%s accepts %j", (name, text, value) => {
  expect(enter(name, text)).toBe(value);
});

test.each([
  ["epochs", "0"],
  ["epochs", ""],
  ["epochs", "Infinity"],
  ["maxSteps", "1.5"],
  ["lambda", "-1"],
  ["learningRate", "fast"],
  ["batchSize", "0"],
  ["maxLength", "513"],
  ["evalShare", "1"],
  ["name", "../up"],
  ["name", ".hidden"],
  ["name", "taken"],
  ["place", "runs"],
  ["place", "/full"],
])("%s refuses %j with a sentence", (name, text) => {
  expect(enter(name, text)).toMatch(
    /^(It must be a|Use letters|.(runs|full) already has a folder|Enter an absolute).*\.$/,
  );
});

test("entering the text of a field again gives the same plan, and every field is shown", () => {
  const others: TrainingPlan = { ...plan, maxSteps: 30, evalShare: 0, name: "other" };
  for (const one of [plan, others])
    for (const { typed, enter: take, shown } of planFields(places, 8192)) {
      expect(take(one, typed(one))).toEqual(one);
      expect(shown(one)).not.toBe("");
    }
});
