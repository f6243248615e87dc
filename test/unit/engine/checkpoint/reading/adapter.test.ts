import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Adapter } from "../../../../../extension/engine/checkpoint/reading/adapter";
import { temporaryFolder } from "../../../../support/temp-folder";
import { writeZeros } from "../../model-folder/safetensors-file";

const at = "base_model.model.model.layers.0";

async function adapter(
  settings: Readonly<Record<string, unknown>> = {},
  shapes: Readonly<Record<string, readonly number[]>> = {
    [`${at}.self_attn.q_proj.lora_A.weight`]: [4, 8],
    [`${at}.self_attn.q_proj.lora_B.weight`]: [8, 4],
  },
): Promise<Adapter> {
  const folder = await temporaryFolder();
  const config = { peft_type: "LORA", r: 4, lora_alpha: 8, base_model_name_or_path: "base", ...settings };
  await writeFile(join(folder, "adapter_config.json"), JSON.stringify(config));
  await writeZeros(join(folder, "adapter_model.safetensors"), shapes);
  return Adapter.read(folder);
}

describe("Adapter.read", () => {
  it.each([
    [{}, 2],
    [{ use_rslora: true }, 4],
    [{ alpha_pattern: { q_proj: 12 } }, 3],
    [{ alpha_pattern: { "layers\\.[01]\\..*q_proj": 20 } }, 5],
    [{ alpha_pattern: { "other.q_proj": 12 } }, 2],
    [{ lora_alpha: null }, 1],
  ])("scales by %j to %d", async (settings, scale) => {
    const found = (await adapter(settings)).lowRank("model.layers.0.self_attn.q_proj");
    expect(found?.scale).toBeCloseTo(scale, 12);
  });

  it("scales by the rank of each layer", async () => {
    const shapes = {
      [`${at}.mlp.up_proj.lora_A.weight`]: [2, 8],
      [`${at}.mlp.up_proj.lora_B.weight`]: [8, 2],
    };
    expect((await adapter({ rank_pattern: { up_proj: 2 } }, shapes)).changes[0]?.scale).toBe(4);
  });

  it("finds a layer by a longer or shorter name, but no other layer", async () => {
    const { lowRank } = await adapter().then((found) => ({ lowRank: found.lowRank.bind(found) }));
    expect(lowRank("layers.0.self_attn.q_proj")).toBeDefined();
    expect(lowRank("outer.model.layers.0.self_attn.q_proj")).toBeDefined();
    expect(lowRank("vision.layers.0.self_attn.q_proj")).toBeUndefined();
    expect(lowRank("model.layers.0.self_attn.k_proj")).toBeUndefined();
    expect(lowRank("proj")).toBeUndefined();
  });

  it("names replacements as the base does", async () => {
    const { replacements } = await adapter(
      {},
      {
        "base_model.model.score.modules_to_save.default.weight": [1, 8],
        [`${at}.self_attn.q_proj.base_layer.bias`]: [8],
      },
    );
    expect([...replacements.keys()]).toEqual(["score.weight", "model.layers.0.self_attn.q_proj.bias"]);
  });

  it.each([
    [{ peft_type: "IA3" }, "peft_type IA3 is not supported"],
    [{ use_dora: true }, "use_dora true is not supported"],
    [{ init_lora_weights: "pissa_niter_4" }, 'init_lora_weights "pissa_niter_4" is not supported'],
    [{ trainable_token_indices: [3] }, "trainable_token_indices [3] is not supported"],
    [{ alpha_pattern: { "(": 2 } }, "is not a valid regular expression"],
    [{ r: "four" }, "adapter_config.json: r is"],
  ])("refuses %j", async (settings, message) => {
    await expect(adapter(settings)).rejects.toThrow(
      expect.objectContaining({ name: "InputError", message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [
      { [`${at}.mlp.up_proj.lora_A.weight`]: [2, 8] },
      "lacks base_model.model.model.layers.0.mlp.up_proj.lora_B",
    ],
    [{ [`${at}.mlp.up_proj.lora_magnitude_vector`]: [8] }, "a kind of adapter that is not supported"],
    [{ [`${at}.mlp.up_proj.lora_B.bias`]: [8] }, "a kind of adapter that is not supported"],
    [{ "base_model.model.model.embed_tokens.trainable_tokens_delta": [1, 8] }, "that is not supported"],
  ])("refuses the tensors %j", async (shapes, message) => {
    await expect(adapter({}, shapes)).rejects.toThrow(message);
  });

  it("asks for safetensors if there is a pickle", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "adapter_config.json"), '{"r":4}');
    await expect(Adapter.read(folder)).rejects.toThrow(/no adapter_model.safetensors$/);
    await writeFile(join(folder, "adapter_model.bin"), "");
    await expect(Adapter.read(folder)).rejects.toThrow("a pickle that could run code");
  });
});
