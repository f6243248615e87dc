/** Tests the padding token of written models, by which other tools read rewards. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { publishedClass } from "../../../../../extension/engine/architecture/families/families";
import { rewardHeadOf } from "../../../../../extension/engine/checkpoint/heads/reward-head";
import { rewardTokenRule } from "../../../../../extension/engine/checkpoint/heads/reward-token";
import { writeAdapter } from "../../../../../extension/engine/checkpoint/publishing/adapter-writer";
import { writeModel } from "../../../../../extension/engine/checkpoint/publishing/model-writer";
import { publishedRule } from "../../../../../extension/engine/checkpoint/publishing/published-padding";
import { Checkpoint } from "../../../../../extension/engine/checkpoint/reading/checkpoint";
import { eos, type Padding, paddedCopy } from "../../../../support/padded-copy";
import { temporaryFolder } from "../../../../support/temp-folder";
import { ramp } from "../tiny-model";

const named = { id: 0, token: "<|pad|>" };
const newHead = new Map([["value_head.weight", ramp([1, 48])]]);

async function valuesOf(folder: string, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, name), "utf8"));
}

describe.each<[string, Padding, pad: number | null, token: string | null]>([
  ["the tokenizer's own", named, 0, "<|pad|>"],
  ["config.json's, which the tokenizer does not name", { id: 2 }, 2, "<|system|>"],
  ["a special token named for padding, if there is no padding token", {}, 0, "<|pad|>"],
  ["a special token named for padding, if the end-of-sequence token is used for padding", eos, 0, "<|pad|>"],
  ["the end-of-sequence token, as in TRL, if there is no other candidate", { isRenamed: true }, 1, "<|end|>"],
  [
    "the end-of-sequence token, if it is already the padding token and there is no other candidate",
    { ...eos, isRenamed: true },
    1,
    "<|end|>",
  ],
])("a new head is padded by %s", (_, padding, pad, token) => {
  it("in config.json and in the tokenizer, and its reward is trained at the token where it will be read", async () => {
    const source = await Checkpoint.open(await paddedCopy(padding));
    const folder = await temporaryFolder();
    await writeModel(folder, source, publishedClass(source.config), newHead);
    expect(await valuesOf(folder, "config.json")).toMatchObject({ pad_token_id: pad });
    expect((await valuesOf(folder, "tokenizer_config.json")).pad_token).toBe(token);
    const copy = await Checkpoint.open(folder);
    const trained = await publishedRule(source, undefined, "score.weight", false);
    expect(trained).toEqual(rewardTokenRule(copy, rewardHeadOf(copy, 48)));
    expect(trained).toMatchObject({ kind: "last-not-padding", padId: pad });
  });
});

describe.each<[string, Padding, pad: number | null]>([
  ["with the end-of-sequence token for padding", eos, 1],
  ["with a separate padding token", named, 0],
  ["without a padding token, which gets one that ends no text,", {}, 0],
  ["without a padding token, if there is no candidate for one,", { isRenamed: true }, null],
])("a head that was trained %s", (_, padding, pad) => {
  it("is read at the token where it was trained", async () => {
    const source = await Checkpoint.open(await paddedCopy(padding));
    const folder = await temporaryFolder();
    await writeModel(
      folder,
      source,
      publishedClass(source.config),
      new Map([["score.weight", ramp([1, 48])]]),
    );
    expect(await valuesOf(folder, "config.json")).toMatchObject({ pad_token_id: pad });
    const head = rewardHeadOf(source, 48);
    expect(await publishedRule(source, head, "", false)).toMatchObject({ padId: pad ?? undefined });
  });
});

it("OpenRLHF's head, which reads the last token, gets a padding token that ends no text", async () => {
  const config = { architectures: ["RewardModel"], mean: 1, std: 2, normalize_reward: true };
  const source = await Checkpoint.open(await paddedCopy({ ...eos, config }));
  const folder = await temporaryFolder();
  await writeModel(folder, source, publishedClass(source.config), new Map([["score.weight", ramp([1, 48])]]));
  const written = await valuesOf(folder, "config.json");
  expect(written).toMatchObject({ pad_token_id: 0, architectures: ["LlamaForSequenceClassification"] });
  // The transformers class does not normalize rewards.
  for (const key of ["mean", "std", "normalize_reward"]) expect(written).not.toHaveProperty(key);
});

describe("an adapter", () => {
  const adapterHead = new Map([["score.weight", ramp([1, 48])]]);
  const adapter = { rank: 2, alpha: 4, dropout: 0, targets: [], lowRank: new Map(), head: adapterHead };

  it.each<[Padding, string | null, number | undefined]>([
    [eos, "<|end|>", 1],
    [named, "<|pad|>", 0],
    [{}, "<|pad|>", undefined],
    [{ isRenamed: true }, null, undefined],
  ])("on a base that pads by %j has a tokenizer that pads by %s", async (padding, token, padId) => {
    const source = await Checkpoint.open(await paddedCopy(padding));
    const folder = await temporaryFolder();
    await writeAdapter(folder, source, publishedClass(source.config), adapter);
    expect((await valuesOf(folder, "tokenizer_config.json")).pad_token).toBe(token);
    const copy = await Checkpoint.open(folder);
    const trained = await publishedRule(source, undefined, "score.weight", true);
    expect(trained).toEqual(rewardTokenRule(copy, rewardHeadOf(copy, 48)));
    expect(trained.padId).toBe(padId);
  });
});

it("special_tokens_map.json names the same token, if it names one", async () => {
  const from = await paddedCopy(eos);
  const path = join(from, "special_tokens_map.json");
  const folder = await temporaryFolder();
  await writeFile(path, JSON.stringify({ eos_token: "<|end|>", pad_token: { content: "<|end|>" } }));
  const source = await Checkpoint.open(from);
  await writeModel(folder, source, publishedClass(source.config), newHead);
  expect(await valuesOf(folder, "special_tokens_map.json")).toEqual({
    eos_token: "<|end|>",
    pad_token: "<|pad|>",
  });
});
