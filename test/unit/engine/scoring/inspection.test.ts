/** Tests the inspection of a model without its weights. */
import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { Checkpoint } from "../../../../extension/engine/checkpoint/reading/checkpoint";
import { inspectModel } from "../../../../extension/engine/scoring/inspection";
import { openModel } from "../../../../extension/engine/scoring/reward-model";
import { writeRewardQuantiles } from "../../../../extension/engine/scoring/reward-quantiles";
import { checkpoint } from "../../../support/fixture";
import { temporaryFolder } from "../../../support/temp-folder";
import { writeZeros } from "../model-folder/safetensors-file";

/** Copies the small Llama model with changes to its config.json. */
async function copied(changed: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await cp(checkpoint, folder, { recursive: true });
  const config: unknown = JSON.parse(await readFile(join(checkpoint, "config.json"), "utf8"));
  await writeFile(join(folder, "config.json"), JSON.stringify(Object.assign({}, config, changed)));
  return folder;
}

const inspect = async (folder: string) => inspectModel(await openModel(await Checkpoint.open(folder)));

/** Number of parameters: the embedding, two layers, the last norm, the head. */
const layer = 48 * 48 + 24 * 48 + 24 * 48 + 48 * 48 + 3 * 96 * 48 + 2 * 48;
const parameters = 512 * 48 + 2 * layer + 48 + 48;

describe("an inspection", () => {
  test("gives the family, the sizes and the parts of a model", async () => {
    expect(await inspect(checkpoint)).toMatchObject({
      folder: checkpoint,
      family: "llama",
      layers: 2,
      width: 48,
      parameters,
      head: "score.weight",
      dtype: "F32",
      vocabulary: 512,
      maxPositions: 512,
      template: true,
      adapter: null,
      rewardQuantiles: undefined,
    });
  });

  test("gives an adapter and its base, and counts its parameters", async () => {
    const folder = join(await copied(), "adapter");
    await mkdir(folder);
    await writeFile(
      join(folder, "adapter_config.json"),
      JSON.stringify({ r: 2, lora_alpha: 6, base_model_name_or_path: ".." }),
    );
    const at = "base_model.model.model.layers.0.self_attn.q_proj";
    await writeZeros(join(folder, "adapter_model.safetensors"), {
      [`${at}.lora_A.weight`]: [2, 48],
      [`${at}.lora_B.weight`]: [48, 2],
    });
    const found = await inspect(folder);
    expect(found).toMatchObject({ parameters: parameters + 2 * 2 * 48, adapter: { rank: 2, alpha: 6 } });
    expect(found.adapter && basename(found.adapter.base)).toBe(basename(dirname(folder)));
  });

  test("lists goal states and percentiles of rewards", async () => {
    const folder = await copied();
    const quantiles = Array.from({ length: 21 }, (_, i) => i);
    await writeRewardQuantiles(folder, quantiles);
    const goals = join(folder, "goal_states");
    await copyFile(join(goals, "preferred.safetensors"), join(goals, "another.safetensors"));
    const found = await inspect(folder);
    expect(found.goalStates).toEqual(["another", "preferred"]);
    expect(found.rewardQuantiles).toEqual(quantiles);
  });

  test("does not count the LM head, which scores do not use", async () => {
    const folder = await copied();
    const shapes = Object.fromEntries(
      [...(await Checkpoint.open(folder)).tensors].map(([name, { shape }]) => [name, shape]),
    );
    await writeZeros(join(folder, "model.safetensors"), { ...shapes, "lm_head.weight": [512, 48] });
    expect((await inspect(folder)).parameters).toBe(parameters);
  });
});

test("a missing head or chat template is reported, and the most common element type comes first", async () => {
  const folder = await copied();
  const { tensors } = await Checkpoint.open(folder);
  const decoder = [...tensors].filter(([name]) => name !== "score.weight");
  const shapes = Object.fromEntries(decoder.map(([name, { shape }]) => [name, shape]));
  await writeZeros(join(folder, "model.safetensors"), shapes, "BF16");
  await rm(join(folder, "chat_template.jinja"));
  expect(await inspect(folder)).toMatchObject({ head: null, dtype: "BF16", template: false });

  const adapter = join(folder, "adapter");
  await mkdir(adapter);
  await writeFile(
    join(adapter, "adapter_config.json"),
    JSON.stringify({ r: 2, base_model_name_or_path: ".." }),
  );
  const at = "base_model.model.model.layers.0.self_attn.q_proj";
  await writeZeros(join(adapter, "adapter_model.safetensors"), {
    [`${at}.lora_A.weight`]: [2, 48],
    [`${at}.lora_B.weight`]: [48, 2],
  });
  expect((await inspect(adapter)).dtype).toBe("BF16, F32");
});

test("a model whose embedding is smaller than its tokenizer's vocabulary is refused", async () => {
  const folder = await copied({ vocab_size: 100 });
  await expect(openModel(await Checkpoint.open(folder))).rejects.toThrow(
    /tokenizer\.json: has \d+ tokens, but the model's embedding has only 100 rows; use the model's own tokenizer/,
  );
});
