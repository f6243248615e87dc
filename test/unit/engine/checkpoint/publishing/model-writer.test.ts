import { mkdir, readdir, readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { publishedClass } from "../../../../../extension/engine/architecture/families/families";
import {
  type ModelChanges,
  writeModel,
} from "../../../../../extension/engine/checkpoint/publishing/model-writer";
import type { NewTensor } from "../../../../../extension/engine/checkpoint/publishing/safetensors-writer";
import { Checkpoint } from "../../../../../extension/engine/checkpoint/reading/checkpoint";
import { readSafetensors, readTensor } from "../../../../../extension/engine/model-folder/safetensors";
import { checkpoint } from "../../../../support/fixture";
import { temporaryFolder } from "../../../../support/temp-folder";
import { llamaConfig, llamaShapes, ramp, tinyAdapter, tinyModel } from "../tiny-model";

const score = ["score.weight", ramp([1, 4])] as const;

async function written(
  source: Checkpoint,
  trained: readonly (readonly [string, NewTensor])[] = [score],
  changes?: ModelChanges,
): Promise<{ folder: string; names: string[]; config: Record<string, unknown> }> {
  const folder = await temporaryFolder();
  await writeModel(folder, source, publishedClass(source.config), new Map(trained), changes);
  const { tensors } = await readSafetensors(join(folder, "model.safetensors"));
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  return { folder, names: [...tensors.keys()].sort(), config };
}

describe("the weights of writeModel", () => {
  it("are the source's, except for the trained ones", async () => {
    const source = await Checkpoint.open(checkpoint);
    const name = "model.layers.0.mlp.down_proj.weight";
    const trained = ramp(source.tensors.get(name)?.shape ?? []);
    const { folder } = await written(source, [[name, trained]]);
    const copy = await Checkpoint.open(folder);
    expect([...copy.tensors.keys()].sort()).toEqual([...source.tensors.keys()].sort());
    for (const [key, tensor] of copy.tensors) {
      const original = source.tensors.get(key);
      const expected =
        key === name || !original ? new Uint8Array(trained.data.buffer) : await readTensor(original);
      expect(Buffer.compare(await readTensor(tensor), expected), key).toBe(0);
    }
  });

  it("keep their stored type", async () => {
    const { folder } = await written(await tinyModel(llamaConfig, llamaShapes, "BF16"));
    const { tensors, config } = await Checkpoint.open(folder);
    expect(tensors.get("model.norm.weight")?.type).toBe("BF16");
    expect(tensors.get("score.weight")?.type).toBe("F32");
    // Otherwise transformers would round the head to BF16.
    expect(config.values.dtype).toBe("float32");
  });

  it.each(["", "model.", "pretrained_model.model."])(
    "get the class's prefix instead of %j",
    async (prefix) => {
      const shapes = Object.entries(llamaShapes).map(([name, shape]) => [
        name.replace("model.", prefix),
        shape,
      ]);
      const source = await tinyModel(llamaConfig, Object.fromEntries(shapes));
      const trained = [[`${prefix}norm.weight`, ramp([4])], score] as const;
      const { folder, names } = await written(source, trained);
      expect(names).toEqual([...Object.keys(llamaShapes), "score.weight"].sort());
      const norm = (await Checkpoint.open(folder)).tensors.get("model.norm.weight");
      expect(norm && new Float32Array((await readTensor(norm)).buffer)).toEqual(ramp([4]).data);
    },
  );

  it.each([
    ["gpt2", "transformer.", "wte.weight", "GPT2ForSequenceClassification"],
    ["gpt_neox", "gpt_neox.", "embed_in.weight", "GPTNeoXForSequenceClassification"],
    ["qwen3", "model.", "embed_tokens.weight", "Qwen3ForSequenceClassification"],
    ["gemma3_text", "model.", "embed_tokens.weight", "Gemma3TextForSequenceClassification"],
  ])("of %s are named as in its class", async (model_type, prefix, landmark, architecture) => {
    const { names, config } = await written(
      await tinyModel({ model_type }, { [landmark]: [6, 4], "x.weight": [4] }),
    );
    expect(names).toEqual([prefix + landmark, `${prefix}x.weight`, "score.weight"].sort());
    expect(config.architectures).toEqual([architecture]);
  });

  it.each([
    [false, false, false],
    [true, false, true],
    [true, true, false],
  ])("keep the LM head if requested (%s) and not tied (%s): %s", async (keepsLmHead, tied, isKept) => {
    const config = { ...llamaConfig, tie_word_embeddings: tied };
    const source = await tinyModel(config, { ...llamaShapes, "lm_head.weight": [6, 4] });
    const { names } = await written(source, [score], { keepsLmHead });
    expect(names.includes("lm_head.weight")).toBe(isKept);
  });

  const mlp = { "value_head.0.weight": [2, 4], "value_head.0.bias": [2], "value_head.2.weight": [1, 2] };
  it.each([
    ["a new head replaces another", mlp, "score.weight", ["score.weight"]],
    ["a partly trained head keeps its other tensors", mlp, "value_head.2.weight", Object.keys(mlp)],
    [
      "a linear head of another tool is renamed",
      { "value_head.weight": [1, 4] },
      "value_head.weight",
      ["score.weight"],
    ],
    [
      "a head with a bias is not renamed",
      { "value_head.weight": [1, 4], "value_head.bias": [1] },
      "value_head.weight",
      ["value_head.weight", "value_head.bias"],
    ],
  ])("%s", async (_, head, trained, expected) => {
    const { names } = await written(await tinyModel(llamaConfig, { ...llamaShapes, ...head }), [
      [trained, ramp([1, 4])],
    ]);
    expect(names.filter((name) => !name.startsWith("model."))).toEqual([...expected].sort());
  });
});

describe("the config of writeModel", () => {
  it("keeps the source's values as written and adds what a reward model needs", async () => {
    const text = `{"model_type": "llama", "vocab_size": 6, "attention_dropout": 0.0, "rope_theta": 1e6, "big": 12345678901234567890,
      "architectures": ["LlamaForCausalLM"], "torch_dtype": "bfloat16", "auto_map": {"AutoModel": "mine.Model"},
      "pad_token_id": 3, "reward_inspector": {"kept": 1, "changed": 1}}`;
    const { folder, config } = await written(await tinyModel(text), [score], {
      rewardInspector: { changed: 2.5 },
    });
    expect(config).toEqual({
      ...JSON.parse(text),
      architectures: ["LlamaForSequenceClassification"],
      num_labels: 1,
      id2label: { 0: "LABEL_0" },
      label2id: { LABEL_0: 0 },
      torch_dtype: undefined,
      auto_map: undefined,
      dtype: "float32",
      reward_inspector: { kept: 1, changed: 2.5 },
    });
    const wording = await readFile(join(folder, "config.json"), "utf8");
    expect(wording).toMatch(
      /"attention_dropout": 0\.0,\n.*"rope_theta": 1e6,\n.*"big": 12345678901234567890,/,
    );
  });

  it.each([
    [{}, null],
    [{ eos_token_id: 2 }, 2],
    [{ eos_token_id: [4, 2] }, 4],
    [{ eos_token_id: 2, pad_token_id: 5 }, 5],
    // These ids are not rows of the embedding.
    [{ eos_token_id: 2, pad_token_id: 6 }, 2],
    [{ eos_token_id: 2, pad_token_id: -1 }, 2],
  ])("pads by %j with %j", async (tokens, expected) => {
    const { config } = await written(await tinyModel({ model_type: "llama", vocab_size: 6, ...tokens }));
    expect(config.pad_token_id).toBe(expected);
  });

  it("uses the tokenizer's padding token, and its files are copied unchanged", async () => {
    const source = await Checkpoint.open(checkpoint);
    const { folder, config } = await written(source, []);
    expect(config.pad_token_id).toBe(0);
    for (const name of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"]) {
      expect(await readFile(join(folder, name), "utf8")).toBe(await readFile(join(checkpoint, name), "utf8"));
    }
  });

  it("stays that of a language model if there is no reward head", async () => {
    const source = { ...llamaConfig, architectures: ["LlamaForCausalLM"] };
    const { config } = await written(await tinyModel(source), [["model.norm.weight", ramp([4])]]);
    expect(config).toEqual({ ...source, dtype: "float32" });
  });

  it("sets the padding token of the text part of a multimodal model", async () => {
    const text_config = { vocab_size: 6, eos_token_id: 2, dtype: "bfloat16" };
    const shapes = { "language_model.model.embed_tokens.weight": [6, 4], "vision_tower.x": [2] };
    const { names, config } = await written(await tinyModel({ model_type: "gemma3", text_config }, shapes));
    expect(names).toEqual(["language_model.model.embed_tokens.weight", "score.weight", "vision_tower.x"]);
    expect(config).toMatchObject({
      architectures: ["Gemma3ForSequenceClassification"],
      text_config: { vocab_size: 6, pad_token_id: 0, dtype: "float32" },
    });
  });
});

describe("writeModel", () => {
  it("leaves no files if a source file is truncated", async () => {
    const [source, folder] = [await tinyModel(), await temporaryFolder()];
    const weights = join(source.folder, "model.safetensors");
    await truncate(weights, (await stat(weights)).size - 1);
    await expect(
      writeModel(folder, source, publishedClass(source.config), new Map([score])),
    ).rejects.toMatchObject({
      name: "InputError",
      place: "model.safetensors",
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("removes the files it wrote if a later one fails", async () => {
    const [source, folder] = [await Checkpoint.open(checkpoint), await temporaryFolder()];
    await mkdir(join(folder, "config.json"));
    await expect(writeModel(folder, source, publishedClass(source.config), new Map())).rejects.toMatchObject({
      name: "InputError",
    });
    expect(await readdir(folder)).toEqual(["config.json"]);
  });

  it("refuses to lose an adapter", async () => {
    const [source, folder] = [await tinyAdapter(), await temporaryFolder()];
    await expect(writeModel(folder, source, publishedClass(source.config), new Map([score]))).rejects.toThrow(
      "is an adapter whose change of model.layers.0.self_attn.q_proj would be lost in a complete model",
    );
    expect(await readdir(folder)).toEqual([]);
    const merged = new Map([["model.layers.0.self_attn.q_proj.weight", ramp([4, 4])]]);
    await writeModel(folder, source, publishedClass(source.config), merged);
    expect([...(await Checkpoint.open(folder)).tensors.keys()]).toContain("score.weight");
  });
});
