import { describe, expect, it } from "vitest";
import { readDecoder } from "../../../../../extension/engine/architecture/families/families";
import {
  checkRewardLayout,
  rewardScale,
} from "../../../../../extension/engine/checkpoint/heads/reward-layout";
import { Config } from "../../../../../extension/engine/model-folder/config";
import type { StoredTensor } from "../../../../../extension/engine/model-folder/safetensors";

const layer = { weight: {} as StoredTensor, bias: undefined };
const linear = { name: "score.weight", layers: [layer] };
const two = { name: "score.{0,2}", layers: [layer, layer] };
const config = (values: Readonly<Record<string, unknown>>): Config => new Config("config.json", values);
const ownClass = {
  auto_map: { AutoModelForSequenceClassification: "modeling.MeanPool" },
  architectures: ["MeanPool"],
};

describe("a head that is applied by unknown code is refused", () => {
  it.each([
    [ownClass, linear, "auto_map names the model's own code modeling.MeanPool"],
    [ownClass, two, "with score.{0,2} is not known"],
    [{ auto_map: { AutoModelForCausalLM: "m.Rater" }, architectures: ["Rater"] }, linear, "own code m.Rater"],
    [{ architectures: ["Qwen2ForPrmModel"] }, linear, "Qwen2ForPrmModel is a process reward model"],
  ])("%j", (values, head, message) => {
    expect(() => checkRewardLayout({ config: config(values) }, head)).toThrow(
      expect.objectContaining({ name: "InputError", message: expect.stringContaining(message) }),
    );
    expect(checkRewardLayout({ config: config(values) }, undefined)).toEqual([]);
  });
});

it.each([
  [{ architectures: ["LlamaForSequenceClassification"] }, linear],
  [{}, linear],
  [{ architectures: ["RewardModel"] }, linear],
  [{ architectures: ["Qwen2ForRewardModel"], auto_map: { AutoModel: "m.Qwen2ForRewardModel" } }, two],
  // Phi-3 has custom code for the decoder and the configuration only.
  [
    {
      architectures: ["Phi3ForSequenceClassification"],
      auto_map: { AutoConfig: "c.Phi3Config", AutoModelForCausalLM: "m.Phi3ForCausalLM" },
    },
    linear,
  ],
  [{}, { name: "value_head.{0,2,4,6}", layers: [layer, layer, layer, layer] }],
])("nothing is assumed about %j", (values, head) => {
  expect(checkRewardLayout({ config: config(values) }, head)).toEqual([]);
});

it("assumptions are reported", () => {
  const notes = (values: Readonly<Record<string, unknown>>, head = linear): readonly string[] =>
    checkRewardLayout({ config: config(values) }, head);
  expect(notes({}, two)).toEqual([
    expect.stringContaining("between the layers of score.{0,2} is assumed to be ReLU"),
  ]);
  expect(notes({ architectures: ["LlamaForScore"] })).toEqual([
    expect.stringContaining("LlamaForScore is not a known class"),
  ]);
});

it.each([{ is_causal: false }, { text_config: { is_causal: false } }])("%j is refused", (values) => {
  expect(() => readDecoder(config({ model_type: "llama", ...values }))).toThrow(
    expect.objectContaining({ name: "InputError", message: expect.stringContaining("is_causal false") }),
  );
});

describe("OpenRLHF's mean and std", () => {
  const own = { architectures: ["RewardModel"], mean: 0.5, std: 2 };

  it("normalize rewards if config.json says so, and are reported in any case", () => {
    const on = rewardScale({ config: config({ ...own, normalize_reward: true }), adapter: undefined });
    expect(on.scale).toEqual({ mean: 0.5, std: 2 });
    expect(on.notes).toEqual([expect.stringContaining("Rewards are normalized: (reward − 0.5) / 2")]);
    const off = rewardScale({ config: config(own), adapter: undefined });
    expect(off.scale).toBe(undefined);
    expect(off.notes).toEqual([expect.stringContaining("Rewards are not normalized")]);
  });

  it.each([
    { ...own, std: 0 },
    { ...own, mean: [0.5] },
    { mean: 0.5, std: 2, normalize_reward: true },
  ])("are ignored in %j", (values) => {
    const nothing = { scale: undefined, notes: [] };
    expect(rewardScale({ config: config(values), adapter: undefined })).toEqual(nothing);
  });
});
