import { describe, expect, test } from "vitest";
import { Config } from "../../../../extension/engine/model-folder/config";
import { eosRule } from "../../../../extension/engine/scoring/eos";
import type { TokenizerConfig } from "../../../../extension/engine/tokenizer/tokenizer-config";

const plain: TokenizerConfig = {
  bosToken: undefined,
  eosToken: { id: 2, text: "</s>" },
  unknownToken: undefined,
  padToken: undefined,
  addsEos: false,
  chatTemplate: undefined,
  specialTokens: {},
};

function rule(config: Readonly<Record<string, unknown>>, tokenizer: Partial<TokenizerConfig> = {}) {
  return eosRule(new Config("config.json", config), { ...plain, ...tokenizer });
}

describe("the end-of-sequence token", () => {
  test("is appended to plain text and left to the template in conversations, if no rule is recorded", () => {
    const expected = {
      append: "plain-text",
      reason: "</s> appended to plain text, left to the template in conversations (TRL's rule)",
    };
    expect(rule({})).toEqual(expected);
    expect(rule({ reward_inspector: { other: 1 } })).toEqual(expected);
  });

  test("is left to a tokenizer that appends it itself", () => {
    expect(rule({}, { addsEos: true })).toEqual({
      append: "tokenizer",
      reason: "appended by the tokenizer",
    });
  });

  test("is not appended if the tokenizer names none", () => {
    const expected = {
      append: "never",
      reason: "not appended, because the tokenizer has no end-of-sequence token",
    };
    expect(rule({}, { eosToken: undefined })).toEqual(expected);
    expect(rule({}, { eosToken: undefined, addsEos: true })).toEqual(expected);
  });

  test.each([{}, { addsEos: true }])("follows the checkpoint's own record first: %o", (tokenizer) => {
    expect(rule({ reward_inspector: { append_eos: true } }, tokenizer)).toEqual({
      append: "always",
      reason: "appended, as config.json reward_inspector.append_eos says",
    });
    expect(rule({ reward_inspector: { append_eos: false } }, tokenizer)).toEqual({
      append: "never",
      reason: "not appended, as config.json reward_inspector.append_eos says",
    });
  });
});
