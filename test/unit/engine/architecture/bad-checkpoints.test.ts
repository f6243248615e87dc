/** Checkpoints with inconsistent files are refused with one line that names the file, before weights are loaded. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDecoder } from "../../../../extension/engine/architecture/families/families";
import { fused } from "../../../../extension/engine/architecture/lowering/fused";
import { buildScoringGraph } from "../../../../extension/engine/architecture/scoring-graph";
import { findRewardHead } from "../../../../extension/engine/checkpoint/heads/reward-head";
import { Checkpoint } from "../../../../extension/engine/checkpoint/reading/checkpoint";
import { alteredCopy } from "../../../parity/altered-copy";
import { fixtureFolder } from "../../../parity/fixture";
import { temporaryFolder } from "../../../support/temp-folder";
import { writeZeros } from "../model-folder/safetensors-file";

async function build(folder: string, base?: string): Promise<void> {
  const checkpoint = await Checkpoint.open(folder, base);
  const decoder = readDecoder(checkpoint.config);
  buildScoringGraph(checkpoint, decoder, findRewardHead(checkpoint.tensors, decoder.shape.hiddenSize), fused);
}

async function expectRefusal(built: Promise<void>, message: string): Promise<void> {
  await expect(built).rejects.toThrow(
    expect.objectContaining({ name: "InputError", message: expect.stringContaining(message) }),
  );
}

describe("a config that does not match its weights", () => {
  it.each([
    [
      { model_type: "bert" },
      'model_type "bert" is not supported. Supported: llama, mistral, qwen2, qwen3, phi3,',
    ],
    [{ model_type: null }, "config.json: has no model_type. Supported: llama"],
    [
      { vocab_size: 65 },
      "model.safetensors: tensor model.embed_tokens.weight has shape [64,32], but config.json",
    ],
    [{ intermediate_size: 40 }, "mlp.gate_proj.weight has shape [48,32], but config.json requires [40,32]"],
    [{ num_hidden_layers: 3 }, "has no tensor model.layers.2."],
    [{ num_hidden_layers: 1e9 }, "config.json: num_hidden_layers is 1000000000, expected at most 10000"],
    [{ hidden_size: -1 }, "config.json: hidden_size is -1, expected a positive integer"],
    [
      { head_dim: null, num_attention_heads: 3 },
      "num_attention_heads is 3, expected a divisor of hidden_size",
    ],
    [{ num_key_value_heads: 3 }, "num_key_value_heads is 3, expected a divisor of num_attention_heads"],
    [{ head_dim: 7 }, "config.json: rotates 7 dimensions of a head, expected an even number"],
    [{ hidden_act: "mish" }, 'config.json: hidden_act "mish" is not supported. Supported: silu,'],
    [
      { rope_parameters: { rope_type: "mrope" } },
      'config.json rope_parameters: rope_type "mrope" is not supported',
    ],
    [
      { rope_parameters: { rope_type: "longrope", short_factor: [1] } },
      "short_factor is [1], expected 4 numbers",
    ],
    [{ rope_parameters: 4 }, "config.json: rope_parameters is 4, expected an object"],
    [{ quantization_config: { quant_method: "gptq" } }, "config.json: the weights are quantized (gptq)"],
  ])("refuses %j", async (changes, message) => {
    const folder = await temporaryFolder();
    await alteredCopy("llama", folder, { config: (values) => ({ ...values, ...changes }) });
    await expectRefusal(build(folder), message);
  });
});

describe("weights that do not match their config", () => {
  it("refuses weights of another family", async () => {
    const folder = await temporaryFolder();
    await alteredCopy("llama", folder, { config: (values) => ({ ...values, model_type: "gpt_neox" }) });
    await expectRefusal(
      build(folder),
      "has no tensor embed_in.weight, which every model of this model_type has",
    );
  });

  it("refuses integer weights", async () => {
    const folder = await temporaryFolder();
    await alteredCopy("llama", folder, {});
    await writeZeros(join(folder, "value_head.safetensors"), { "model.norm.weight": [32] }, "I16");
    await expectRefusal(
      build(folder),
      "value_head.safetensors: tensor model.norm.weight has type I16, expected F32, F16 or BF16",
    );
  });

  it("refuses truncated weights", async () => {
    const folder = await temporaryFolder();
    await alteredCopy("llama", folder, {});
    const path = join(folder, "model.safetensors");
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 1));
    await expectRefusal(build(folder), "the file has only");
  });
});

describe("an adapter that does not match its base model", () => {
  it("refuses an adapter of a model with more layers", async () => {
    const base = await temporaryFolder();
    await alteredCopy("llama", base, { config: (values) => ({ ...values, num_hidden_layers: 1 }) });
    await expectRefusal(
      build(fixtureFolder("lora-llama"), base),
      "adapter_model.safetensors: changes model.layers.1.",
    );
  });

  it("refuses an adapter of a model with another width", async () => {
    await expectRefusal(
      build(fixtureFolder("lora-llama"), fixtureFolder("llama-biases")),
      "do not fit layers.0.self_attn.v_proj.weight [8,32]",
    );
  });
});
