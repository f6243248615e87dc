import { describe, expect, it } from "vitest";
import { Tokenizer } from "../../../../extension/engine/tokenizer/tokenizer";
import type { TokenizerConfig } from "../../../../extension/engine/tokenizer/tokenizer-config";
import { tokenizerFolder } from "./tokenizer-folder";

async function configOf(name: string, files: Readonly<Record<string, unknown>>): Promise<TokenizerConfig> {
  return (await Tokenizer.load(await tokenizerFolder(name, files))).config;
}

const config = (values: object) => ({ "tokenizer_config.json": values });

describe("special tokens", () => {
  it("are strings or objects with a content", async () => {
    const found = await configOf(
      "llama2-prepend",
      config({ bos_token: { content: "<s>" }, eos_token: "</s>" }),
    );
    expect(found).toMatchObject({ bosToken: { id: 1, text: "<s>" }, eosToken: { id: 2, text: "</s>" } });
    expect(found.specialTokens).toEqual({ bos_token: "<s>", eos_token: "</s>" });
  });

  it("come from special_tokens_map.json if the configuration has none", async () => {
    const files = {
      "special_tokens_map.json": { eos_token: "</s>", pad_token: "<unk>" },
      ...config({ pad_token: null }),
    };
    const found = await configOf("llama2-prepend", files);
    expect(found).toMatchObject({ eosToken: { id: 2 }, padToken: { id: 0, text: "<unk>" } });
  });

  it("include the model's own unknown token without any file", async () => {
    const found = await configOf("bert-cased", {});
    expect(found).toMatchObject({
      unknownToken: { id: 1, text: "[UNK]" },
      eosToken: undefined,
      addsEos: false,
    });
    expect(found.specialTokens).toEqual({});
  });

  it("are undefined if the vocabulary lacks them", async () => {
    expect((await configOf("gpt2", config({ eos_token: "<nowhere>" }))).eosToken).toBeUndefined();
  });
});

describe("addsEos", () => {
  it("follows the post-processor", async () => {
    expect((await configOf("spm-unknown", config({ eos_token: "</s>" }))).addsEos).toBe(true);
    expect((await configOf("llama2-prepend", config({ eos_token: "</s>" }))).addsEos).toBe(false);
  });

  it("ignores add_eos_token and add_bos_token, as transformers does if there is a tokenizer.json", async () => {
    const files = config({ eos_token: "</s>", add_eos_token: true, add_bos_token: false });
    const tokenizer = await Tokenizer.load(await tokenizerFolder("llama2-prepend", files));
    expect(tokenizer.config.addsEos).toBe(false);
    expect(tokenizer.encode("", { addSpecialTokens: true }).ids).toEqual([1]);
  });
});

describe("chat template", () => {
  it("prefers the file over the configuration", async () => {
    const inConfig = config({ chat_template: "in the configuration" });
    expect((await configOf("gpt2", inConfig)).chatTemplate).toBe("in the configuration");
    const both = { ...inConfig, "chat_template.jinja": "in the file" };
    expect((await configOf("gpt2", both)).chatTemplate).toBe("in the file");
  });

  it("is the default template of a list", async () => {
    const named = [
      { name: "tool_use", template: "tools" },
      { name: "default", template: "talk" },
    ];
    expect((await configOf("gpt2", config({ chat_template: named }))).chatTemplate).toBe("talk");
    expect(
      (await configOf("gpt2", config({ chat_template: named.slice(0, 1) }))).chatTemplate,
    ).toBeUndefined();
    expect((await configOf("gpt2", {})).chatTemplate).toBeUndefined();
  });

  it("must be text", async () => {
    await expect(configOf("gpt2", config({ chat_template: 3 }))).rejects.toThrow(
      "tokenizer_config.json: chat_template is 3, expected a string",
    );
  });
});
