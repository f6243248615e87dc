import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { publishedClass } from "../../../../../extension/engine/architecture/families/families";
import {
  type TrainedAdapter,
  writeAdapter,
} from "../../../../../extension/engine/checkpoint/publishing/adapter-writer";
import { Adapter } from "../../../../../extension/engine/checkpoint/reading/adapter";
import { Checkpoint } from "../../../../../extension/engine/checkpoint/reading/checkpoint";
import { readTensor } from "../../../../../extension/engine/model-folder/safetensors";
import { checkpoint } from "../../../../support/fixture";
import { temporaryFolder } from "../../../../support/temp-folder";
import { llamaConfig, llamaShapes, ramp, tinyAdapter, tinyModel } from "../tiny-model";

const module = "model.layers.0.self_attn.q_proj";

function adapter(settings: Partial<TrainedAdapter> = {}): TrainedAdapter {
  return {
    rank: 2,
    alpha: 6,
    dropout: 0.1,
    targets: ["q_proj"],
    lowRank: new Map([[module, { a: ramp([2, 4]), b: ramp([4, 2]) }]]),
    head: new Map([["score.weight", ramp([1, 4])]]),
    ...settings,
  };
}

async function written(
  source: Checkpoint,
  settings?: Partial<TrainedAdapter>,
): Promise<{ folder: string; config: Record<string, unknown>; read: Adapter }> {
  const folder = await temporaryFolder();
  await writeAdapter(folder, source, publishedClass(source.config), adapter(settings));
  const config = JSON.parse(await readFile(join(folder, "adapter_config.json"), "utf8"));
  return { folder, config, read: await Adapter.read(folder) };
}

describe("writeAdapter", () => {
  it("writes an adapter that is read back unchanged", async () => {
    const source = await tinyModel();
    const { folder, config, read } = await written(source);
    const change = read.lowRank(module);
    expect(change).toMatchObject({ module, scale: 3 });
    expect(change && new Float32Array((await readTensor(change.a)).buffer)).toEqual(ramp([2, 4]).data);
    expect(change && new Float32Array((await readTensor(change.b)).buffer)).toEqual(ramp([4, 2]).data);
    expect([...read.replacements.keys()]).toEqual(["score.weight"]);
    expect(config).toEqual({
      peft_type: "LORA",
      task_type: "SEQ_CLS",
      base_model_name_or_path: source.folder,
      r: 2,
      lora_alpha: 6,
      lora_dropout: 0.1,
      target_modules: ["q_proj"],
      fan_in_fan_out: false,
      modules_to_save: ["score"],
      bias: "none",
      inference_mode: true,
    });
    const opened = await Checkpoint.open(folder);
    expect(opened.baseFolder).toBe(source.folder);
    expect(opened.tensors.get("score.weight")?.place).toBe("adapter_model.safetensors");
  });

  it.each([
    ["by the targets", ["q_proj"], ["q_proj"]],
    ["in full if there are no targets", [], [module]],
    ["in full if a target matches untrained layers", ["proj", "q_proj", "up_proj"], [module]],
    ["in full if no target matches", ["v_proj"], [module]],
  ])("names its layers %s", async (_, targets, expected) => {
    expect((await written(await tinyModel(), { targets })).config.target_modules).toEqual(expected);
  });

  it("names layers and head as the class does, whatever their names in the base's files", async () => {
    const shapes = Object.entries(llamaShapes).map(([name, shape]) => [name.replace("model.", ""), shape]);
    const source = await tinyModel(llamaConfig, Object.fromEntries(shapes));
    const bare = new Map([["layers.0.self_attn.q_proj", { a: ramp([2, 4]), b: ramp([4, 2]) }]]);
    const head = new Map([["value_head.weight", ramp([1, 4])]]);
    for (const lowRank of [bare, adapter().lowRank]) {
      const { read } = await written(source, { lowRank, head });
      expect(read.changes.map((change) => change.module)).toEqual([module]);
      expect(read.lowRank("layers.0.self_attn.q_proj")).toBeDefined();
      expect([...read.replacements.keys()]).toEqual(["score.weight"]);
    }
  });

  it("sets fan_in_fan_out for GPT-2, whose weights are transposed", async () => {
    const source = await tinyModel(
      { model_type: "gpt2" },
      { "wte.weight": [6, 4], "h.0.attn.c_attn.weight": [4, 12] },
    );
    const lowRank = new Map([["h.0.attn.c_attn", { a: ramp([2, 4]), b: ramp([12, 2]) }]]);
    const { config, read } = await written(source, { lowRank, targets: ["c_attn"] });
    expect(config).toMatchObject({ fan_in_fan_out: true, target_modules: ["c_attn"] });
    expect(read.changes[0]?.module).toBe("transformer.h.0.attn.c_attn");
  });

  it("writes a language model's adapter without a head, and uses the given name of the base", async () => {
    const { config } = await written(await tinyModel(), { head: new Map(), baseName: "org/base" });
    expect(config).toMatchObject({
      task_type: "CAUSAL_LM",
      modules_to_save: null,
      base_model_name_or_path: "org/base",
    });
  });

  it("copies the tokenizer", async () => {
    const { folder } = await written(await Checkpoint.open(checkpoint));
    expect((await readdir(folder)).sort()).toEqual([
      "adapter_config.json",
      "adapter_model.safetensors",
      "chat_template.jinja",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
  });

  it("continues an adapter, but refuses to lose a part of it", async () => {
    const source = await tinyAdapter();
    const { config } = await written(source);
    expect(config.base_model_name_or_path).toBe(source.baseFolder);
    await expect(written(source, { lowRank: new Map() })).rejects.toThrow(
      `whose change of ${module} would be lost in a new`,
    );
    await expect(written(source, { head: new Map() })).rejects.toThrow(
      "whose change of score.weight would be lost in a new",
    );
  });
});
