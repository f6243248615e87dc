/** Tests runs that cannot start or resume: their errors, and what is left of them. */
import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../../extension/engine/errors";
import { listCheckpoints } from "../../../../extension/engine/training/store/checkpoints";
import { RunFolder } from "../../../../extension/engine/training/store/run-folder";
import type { RunPlan } from "../../../../extension/engine/training/training-run";
import { defaultLora, type TrainSettings } from "../../../../extension/protocol/train-settings";
import { checkpoint } from "../../../support/fixture";
import { temporaryFolder } from "../../../support/temp-folder";
import { quickPlan, quickSettings, resume, train, trainUntil } from "../../../support/training-runs";

async function planned(changes: Partial<TrainSettings> = {}): Promise<RunPlan> {
  return quickPlan(await temporaryFolder(), changes);
}

async function expectFailure(running: Promise<unknown>, message: RegExp): Promise<void> {
  await expect(running).rejects.toThrow(InputError);
  await expect(running).rejects.toThrow(message);
}

const lora: Partial<TrainSettings> = { method: "lora", lora: quickSettings.lora };

describe("a run cannot be resumed", () => {
  test("when it is finished", async () => {
    const plan = await planned({ maxSteps: 1 });
    await train(plan);
    await expectFailure(resume(plan.folder), /is finished; its model is .*model/);
  });

  test("when its data has changed", async () => {
    const plan = await planned();
    await trainUntil(plan, 1);
    await appendFile(plan.dataset, `${JSON.stringify({ prompt: "", chosen: "yes", rejected: "no" })}\n`);
    await expectFailure(resume(plan.folder), /pairs\.jsonl: has changed since the run started/);
    expect((await RunFolder.open(plan.folder)).record.status).toBe("paused");
  });

  test.each(["model.safetensors", "config.json", "tokenizer.json"])(
    "when its model's %s has changed in place",
    async (name) => {
      const folder = await temporaryFolder();
      const model = join(folder, "model");
      await cp(checkpoint, model, { recursive: true });
      const plan = await quickPlan(folder, {}, { model });
      await trainUntil(plan, 1);
      const file = join(model, name);
      const bytes = await readFile(file);
      // The size stays the same: one bit of a weight changes, or some white space.
      const at = name.endsWith(".json") ? bytes.indexOf("\n") : bytes.length - 1;
      await writeFile(
        file,
        bytes.map((byte, i) => (i === at ? (name.endsWith(".json") ? 32 : byte ^ 1) : byte)),
      );
      await expectFailure(resume(plan.folder), /model: has changed since the run started/);
      expect((await RunFolder.open(plan.folder)).record.status).toBe("paused");
      await writeFile(file, bytes);
      expect((await resume(plan.folder)).record.status).toBe("finished");
    },
  );

  test.each<[string, Partial<TrainSettings>, Partial<TrainSettings>, RegExp]>([
    ["method", lora, {}, /has no .*lora_A, but the run trains it with shape .* another model or method/],
    [
      "rank",
      lora,
      { ...lora, lora: { ...defaultLora, rank: 2 } },
      /lora_A with shape \[2,\d+\], but .*\[4,\d+\]/,
    ],
    [
      "method with fewer tensors",
      { method: "head" },
      {},
      /has \d+ trained tensors, but the run trains 1; this checkpoint belongs to another model/,
    ],
  ])("from a checkpoint of another %s", async (_, own, others, message) => {
    const [plan, other] = [await planned(own), await planned(others)];
    await trainUntil(plan, 1);
    await trainUntil(other, 1);
    const [mine] = await listCheckpoints(plan.folder);
    const [theirs] = await listCheckpoints(other.folder);
    if (!mine || !theirs) throw new Error("no checkpoints");
    await rm(mine.folder, { recursive: true });
    await cp(theirs.folder, mine.folder, { recursive: true });
    await expectFailure(resume(plan.folder), message);
    expect((await RunFolder.open(plan.folder)).record).toMatchObject({ status: "failed" });
  });

  test("from a checkpoint whose state was truncated, until it is deleted", async () => {
    const plan = await planned({ maxSteps: 5, saveSteps: 1, keep: 2, evalShare: 0 });
    await trainUntil(plan, 3);
    const latest = (await listCheckpoints(plan.folder)).at(-1)?.folder ?? "";
    await writeFile(join(latest, "trainer_state.json"), "{");
    await expectFailure(resume(plan.folder), /trainer_state\.json is missing or broken.*delete this folder/);
    await rm(latest, { recursive: true });
    expect((await resume(plan.folder)).record).toMatchObject({ status: "finished", step: 5 });
  });
});

test("a run can be resumed after its model got another card or other goal states", async () => {
  const folder = await temporaryFolder();
  const model = join(folder, "model");
  await cp(checkpoint, model, { recursive: true });
  const plan = await quickPlan(folder, {}, { model });
  await trainUntil(plan, 1);
  await rm(join(model, "goal_states"), { recursive: true });
  await writeFile(join(model, "README.md"), "A card.");
  expect((await resume(plan.folder)).record.status).toBe("finished");
});

describe("a run that cannot start leaves no folder", () => {
  test.each<[string, (plan: RunPlan) => Promise<RunPlan>, RegExp]>([
    [
      "too little memory",
      async (plan) => ({ ...plan, settings: { ...plan.settings, batchTokens: 1e9 } }),
      /would take about \d+\.\d GiB \(weights 0\.0 GiB, optimizer 0\.0 GiB, a batch \d+\.\d GiB\), but only \d+\.\d GiB are free$/,
    ],
    [
      "no pairs",
      async (plan) => {
        await writeFile(plan.dataset, `${JSON.stringify({ prompt: "", chosen: "no", rejected: "no" })}\n`);
        return plan;
      },
      /nothing to train on \(left out: 1 × pair of equal completions\)/,
    ],
    ["no data", async (plan) => ({ ...plan, dataset: "nowhere.jsonl" }), /nowhere\.jsonl: cannot be read/],
    [
      "no tokenizer next to the configuration",
      async (plan) => {
        const config = join(await temporaryFolder(), "config.json");
        await cp(join(checkpoint, "config.json"), config);
        return { ...plan, start: { init: config } };
      },
      /has no tokenizer\.json/,
    ],
  ])("%s", async (_, change, message) => {
    const plan = await change(await planned());
    await expectFailure(train(plan), message);
    expect((await readdir(join(plan.folder, ".."))).sort()).toEqual(["pairs.jsonl"]);
    // A folder that existed before stays, and is empty.
    await mkdir(plan.folder);
    await expectFailure(train(plan), message);
    expect(await readdir(plan.folder)).toEqual([]);
  });

  test("but does not touch a folder with content", async () => {
    const plan = await planned();
    await mkdir(plan.folder);
    await writeFile(join(plan.folder, "thesis.tex"), "ten years of work");
    await expectFailure(train(plan), /is not empty/);
    expect(await readdir(plan.folder)).toEqual(["thesis.tex"]);
  });
});
