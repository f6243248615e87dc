import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rewardTokenRule } from "../../../../extension/engine/checkpoint/heads/reward-token";
import { ChatTemplate } from "../../../../extension/engine/data/chat/chat-template";
import { Config } from "../../../../extension/engine/model-folder/config";
import {
  type EncodedCompletion,
  type Encoder,
  encodeCompletion,
} from "../../../../extension/engine/scoring/encode";
import { eosRule } from "../../../../extension/engine/scoring/eos";
import { Tokenizer } from "../../../../extension/engine/tokenizer/tokenizer";
import type { Text } from "../../../../extension/protocol/datasets";
import { checkpoint, root } from "../../../support/fixture";
import { temporaryFolder } from "../../../support/temp-folder";

async function encoderOf(folder: string, config: Record<string, unknown> = {}): Promise<Encoder> {
  const tokenizer = await Tokenizer.load(folder);
  const { chatTemplate, specialTokens } = tokenizer.config;
  return {
    tokenizer,
    template:
      chatTemplate === undefined ? undefined : new ChatTemplate(chatTemplate, specialTokens, "template"),
    eos: eosRule(new Config("config.json", config), tokenizer.config),
    rewardToken: rewardTokenRule(
      { config: new Config("config.json", config), adapter: undefined },
      undefined,
    ),
    embeddingRows: 512,
  };
}

async function fixtureEncoder(name: string): Promise<Encoder> {
  const folder = await temporaryFolder();
  await copyFile(join(root, `test/fixtures/tokenizers/${name}.json`), join(folder, "tokenizer.json"));
  return encoderOf(folder);
}

function encode(encoder: Encoder, prompt: Text, completion: Text, maxLength = 512): EncodedCompletion {
  return encodeCompletion(encoder, { role: "completion", prompt, completion }, { maxLength, chat: false });
}

/** Returns the texts of the completion's tokens according to their offsets. */
function pieces({ text, starts, ends }: EncodedCompletion): string[] {
  return [...starts].map((start, i) => text.slice(start, ends[i]));
}

test("plain text: the completion's tokens cover it without a gap, and one EOS closes it (TRL's rule)", async () => {
  const encoder = await encoderOf(checkpoint);
  const { ids, starts, ends, text, warnings } = encode(encoder, "1 + 1 =", " 2, says Zoë 🙂");
  expect(text).toBe(" 2, says Zoë 🙂");
  expect(starts[0]).toBe(0);
  starts.slice(1).forEach((start, i) => {
    expect(start).toBeLessThanOrEqual(ends[i] ?? Number.NaN);
  });
  expect([starts.at(-1), ends.at(-1)]).toEqual([text.length, text.length]);
  expect(Math.max(...ends.slice(0, -1))).toBe(text.length);
  expect(ids.at(-1)).toBe(encoder.tokenizer.config.eosToken?.id);
  expect(warnings).toEqual([]);
});

test("a token that spans prompt and completion belongs to the completion and is clipped to it", async () => {
  const encoder = await encoderOf(checkpoint);
  const whole = encode(encoder, "", "The answer");
  expect(pieces(whole)).toEqual(["The", " answer", ""]);
  const cut = encode(encoder, "The ans", "wer");
  expect(pieces(cut)).toEqual(["wer", ""]);
  expect(cut.firstToken).toBe(1);
});

test.each(["llama3", "qwen2", "gpt2", "roberta", "llama2-prepend", "llama2-metaspace", "gemma", "phi3"])(
  "%s: a space at the end of the prompt never belongs to the completion",
  async (name) => {
    const encoder = await fixtureEncoder(name);
    const encoded = encode(encoder, "What is it? ", "It");
    expect(
      pieces(encoded)
        .filter((piece) => piece !== "")
        .join(""),
    ).toBe("It");
    expect(pieces(encoded)[0]).not.toBe("");
  },
);

test("a conversation leaves the EOS to its template, whose tokens after the answer are at the text's end", async () => {
  const encoder = await encoderOf(checkpoint);
  const encoded = encode(
    encoder,
    [{ role: "user", content: "Hi" }],
    [{ role: "assistant", content: "Hello" }],
  );
  expect(encoded.text).toBe("Hello");
  expect(pieces(encoded).join("")).toBe("Hello");
  const eos = encoder.tokenizer.config.eosToken?.id;
  expect([...encoded.ids].filter((id, i) => id === eos && i >= encoded.firstToken)).toHaveLength(1);
  expect(encoded.warnings).toEqual([]);
});

test("plain text treated as a conversation is encoded like that conversation", async () => {
  const encoder = await encoderOf(checkpoint);
  const row = { role: "completion", prompt: "Hi", completion: "Hello" } as const;
  const asChat = encodeCompletion(encoder, row, { maxLength: 512, chat: true });
  expect(asChat).toEqual(
    encode(encoder, [{ role: "user", content: "Hi" }], [{ role: "assistant", content: "Hello" }]),
  );
});

test("append_eos in config.json takes precedence over TRL's rule", async () => {
  const never = await encoderOf(checkpoint, { reward_inspector: { append_eos: false } });
  expect(never.eos.reason).toBe("not appended, as config.json reward_inspector.append_eos says");
  expect(encode(never, "a", "b").ids.at(-1)).not.toBe(never.tokenizer.config.eosToken?.id);
  expect(encode(never, "a", "b").warnings).toEqual([]);
  const always = await encoderOf(checkpoint, { reward_inspector: { append_eos: true } });
  const chat = encode(always, [{ role: "user", content: "Hi" }], [{ role: "assistant", content: "Hello" }]);
  expect(chat.ids.at(-1)).toBe(always.tokenizer.config.eosToken?.id);
});

test("no EOS is appended to a text that ends with one, and two are reported", async () => {
  const encoder = await encoderOf(checkpoint);
  const once = encode(encoder, "a", "b<|end|>");
  expect(once.warnings).toEqual([]);
  expect(encode(encoder, "a", "b<|end|><|end|>").warnings).toEqual([{ kind: "eos-doubled", count: 2 }]);
});

test("sequences over the maximum length are truncated at the end, and lost tokens are counted", async () => {
  const encoder = await encoderOf(checkpoint);
  const full = encode(encoder, "a b c ", "d e f g");
  const cut = encode(encoder, "a b c ", "d e f g", full.ids.length - 2);
  expect(cut.truncated).toBe(2);
  expect([...cut.ids]).toEqual([...full.ids.slice(0, -2)]);
  expect(cut.warnings).toEqual([{ kind: "truncated", tokens: 2 }, { kind: "eos-missing" }]);
  const none = encode(encoder, "a b c ", "d e f g", 2);
  expect([none.firstToken, none.ids.length, none.starts.length]).toEqual([2, 2, 0]);
});

test("an empty completion is reported and has only an EOS", async () => {
  const encoder = await encoderOf(checkpoint);
  const encoded = encode(encoder, "Why? ", "");
  expect(encoded.warnings).toEqual([{ kind: "empty-completion" }]);
  expect([...encoded.ids.slice(encoded.firstToken)]).toEqual([encoder.tokenizer.config.eosToken?.id]);
});

test("ids beyond the embedding are scored as token 0 and reported", async () => {
  const encoder = { ...(await encoderOf(checkpoint)), embeddingRows: 300 };
  const encoded = encode(encoder, "", "The answer is");
  const [warning] = encoded.warnings.filter(({ kind }) => kind === "outside-vocabulary");
  expect(warning).toMatchObject({ tokens: expect.any(Number) });
  expect(Math.max(...encoded.ids)).toBeLessThan(300);
});

test("an EOS that is the padding token is not read, so it may be missing or doubled", async () => {
  const own = await encoderOf(checkpoint);
  const eos = own.tokenizer.config.eosToken?.id ?? -1;
  const encoder = await encoderOf(checkpoint, { pad_token_id: eos });
  const plain = encode(encoder, "1 + 1 =", " 2");
  expect(plain.ids.at(-1)).toBe(eos);
  expect(plain.rewardToken).toBe(plain.ids.length - 2);
  expect(encode(own, "1 + 1 =", " 2").rewardToken).toBe(plain.ids.length - 1);

  const doubled = encode(encoder, "1 + 1 =", " 2<|end|><|end|>");
  expect([...doubled.ids.slice(-2)]).toEqual([eos, eos]);
  expect(doubled.rewardToken).toBe(plain.rewardToken);
  expect(doubled.warnings).toEqual([]);
  expect(encode(own, "1 + 1 =", " 2<|end|><|end|>").warnings).toEqual([{ kind: "eos-doubled", count: 2 }]);

  const within = encode(encoder, "1 + 1 =", " 2<|end|> or 3");
  expect(within.rewardToken).toBe(within.ids.length - 2);
});

test("the reward of a completion that is all padding is read in the prompt, which is reported", async () => {
  const encoder = await encoderOf(checkpoint, { pad_token_id: 1 });
  const { ids, firstToken, rewardToken, warnings } = encode(encoder, "1 + 1 =", "<|end|><|end|>");
  expect([...ids.slice(firstToken)]).toEqual([1, 1]);
  expect(rewardToken).toBe(firstToken - 1);
  expect(warnings).toEqual([{ kind: "only-padding" }]);
});
