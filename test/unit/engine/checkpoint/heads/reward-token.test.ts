import { describe, expect, it, test } from "vitest";
import type { RewardHead } from "../../../../../extension/engine/checkpoint/heads/reward-head";
import {
  describeRule,
  paddingId,
  type RewardTokenKind,
  rewardToken,
  rewardTokenRule,
} from "../../../../../extension/engine/checkpoint/heads/reward-token";
import { Config } from "../../../../../extension/engine/model-folder/config";

const pad = 9;

function config(values: Readonly<Record<string, unknown>>): Config {
  return new Config("config.json", values);
}

describe("rewardToken", () => {
  it.each<[RewardTokenKind, number[], number]>([
    ["last-not-padding", [1, 2, 3], 2],
    ["last-not-padding", [1, 2, pad], 1],
    ["last-not-padding", [1, 2, pad, pad, pad], 1],
    ["last-not-padding", [1, pad, 2], 2],
    ["last-not-padding", [pad, 1, pad, 2, pad], 3],
    ["last-not-padding", [pad, pad], 0],
    ["last-not-padding", [], -1],
    ["before-first-padding", [1, 2, 3], 2],
    ["before-first-padding", [1, pad, 2, pad], 0],
    ["before-first-padding", [pad, 1, 2], 2],
    ["last", [1, 2, pad, pad], 3],
    ["last", [], -1],
  ])("%s of %j is %i", (kind, ids, expected) => {
    const rule = { kind, padId: pad, origin: "" };
    expect(rewardToken(ids, rule)).toBe(expected);
    expect(rewardToken(Int32Array.from(ids), rule)).toBe(expected);
    expect(rewardToken(ids, { ...rule, padId: undefined })).toBe(ids.length - 1);
  });
});

describe("the rule of a checkpoint", () => {
  it.each<[Record<string, unknown>, string | undefined, RewardTokenKind]>([
    [{ architectures: ["LlamaForSequenceClassification"] }, "score.weight", "last-not-padding"],
    [{ architectures: ["LlamaForCausalLM"] }, undefined, "last-not-padding"],
    [{}, "score.{0,2}", "last-not-padding"],
    [{ architectures: ["RewardModel"] }, "score.weight", "last"],
    [{ value_head_prefix: "score" }, "score.weight", "last"],
    [{ architectures: ["LlamaForCausalLM"] }, "v_head.summary.weight", "last"],
    [{}, "value_head.{0,2,4,6}", "last"],
    [{ architectures: ["LlamaForTokenClassification"] }, "score.weight", "last"],
    [{ architectures: ["Qwen2ForRewardModel"] }, "score.{0,2}", "before-first-padding"],
    [{ architectures: ["INFORMForSequenceClassification"] }, "score.{0,2}", "before-first-padding"],
  ])("%j with the head %s", (values, name, kind) => {
    const head = name === undefined ? undefined : ({ name, layers: [] } satisfies RewardHead);
    const rule = rewardTokenRule(
      { config: config({ ...values, pad_token_id: 4 }), adapter: undefined },
      head,
    );
    expect(rule).toMatchObject({ kind, padId: 4 });
  });

  it.each<[Record<string, unknown>, number | undefined]>([
    [{ model_type: "llama" }, undefined],
    [{ model_type: "llama", pad_token_id: null }, undefined],
    [{ model_type: "llama", pad_token_id: -1 }, -1],
    [{ model_type: "gemma3", text_config: { pad_token_id: 7 }, pad_token_id: 3 }, 7],
    // Values missing from config.json are the defaults of the transformers class.
    [{ model_type: "phi3" }, 32000],
    [{ model_type: "phi3", pad_token_id: null }, undefined],
    [{ model_type: "gemma2" }, 0],
    [{ model_type: "gemma3", text_config: {} }, 0],
  ])("%j pads with %s", (values, expected) => {
    expect(paddingId(config(values))).toBe(expected);
  });
});

test("the rule is described by name", () => {
  const text = (id: number): string => `<${id}>`;
  const told = (kind: RewardTokenKind, padId?: number): string =>
    describeRule({ kind, padId, origin: "whose" }, text);
  expect(told("last", 3)).toBe("last token (whose)");
  expect(told("last-not-padding")).toMatch(/^last token, because config.json names no padding token/);
  expect(told("last-not-padding", 3)).toBe(
    "last token that is not the padding token (<3>, pad_token_id 3; whose)",
  );
  expect(told("last-not-padding", -1)).toContain("(pad_token_id -1; whose)");
  expect(told("before-first-padding", 3)).toMatch(/^token before the first padding token/);
});
