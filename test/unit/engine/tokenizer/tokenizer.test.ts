import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Tokenizer } from "../../../../extension/engine/tokenizer/tokenizer";
import { tokenizerFile, tokenizerFolder } from "./tokenizer-folder";

const plain = { addSpecialTokens: false };

async function load(name: string, files: Readonly<Record<string, unknown>> = {}): Promise<Tokenizer> {
  return Tokenizer.load(await tokenizerFolder(name, files));
}

/** Returns the text that every token covers. */
function covered(tokenizer: Tokenizer, text: string): string[] {
  const { starts, ends } = tokenizer.encode(text, plain);
  return starts.map((start, i) => text.slice(start, ends[i]));
}

describe("offsets", () => {
  it("cover the text of byte-level tokens, spaces included", async () => {
    expect(covered(await load("gpt2"), " and the answer<|end|>")).toEqual([
      " and",
      " the",
      " answer",
      "<|end|>",
    ]);
  });

  it("exclude spaces if the tokenizer trims", async () => {
    expect(covered(await load("llama3"), "today the question")).toEqual(["today", "the", "question"]);
  });

  it("cover the whole character for each of its bytes, both surrogates included", async () => {
    const parts = covered(await load("llama2-prepend"), "a🚀");
    expect(parts).toEqual(["a", "🚀", "🚀", "🚀", "🚀"]);
  });

  it("count a lone surrogate as one unit", async () => {
    const tokenizer = await load("gpt2");
    expect(covered(tokenizer, "a\ud800b").join("")).toContain("\ud800");
    expect(tokenizer.encode("a\ud800b", plain).ids).toEqual(tokenizer.encode("a\ufffdb", plain).ids);
  });

  it("cover what a normalizer composed, and skip what it removed", async () => {
    expect(covered(await load("qwen2"), "e\u0301").every((part) => part === "e\u0301" || part === "e")).toBe(
      true,
    );
    expect(covered(await load("bert-uncased"), "t\0HE")).toEqual(["t\0HE"]);
  });

  it("are empty for tokens added before and after the text", async () => {
    const { ids, starts, ends } = (await load("spm-unknown")).encode("a", { addSpecialTokens: true });
    expect([ids[0], ids.at(-1)]).toEqual([1, 2]);
    expect([starts[0], ends[0], starts.at(-1), ends.at(-1)]).toEqual([0, 0, 1, 1]);
  });

  it("of an added token include the white space that its flags request", async () => {
    expect(covered(await load("roberta"), "a <note> the").slice(0, 2)).toEqual(["a", "<note>"]);
    expect(covered(await load("phi3"), "<|user|>\n a").slice(0, 1)).toEqual(["<|user|>\n "]);
  });
});

describe("a character that the vocabulary lacks, without an unknown token", () => {
  it("has no token and does not shift the ranges of other tokens", async () => {
    const json = JSON.parse(readFileSync(tokenizerFile("gpt2"), "utf8")) as {
      model: { vocab: Record<string, number> };
    };
    // Byte 0x13 in the byte alphabet.
    delete json.model.vocab["\u0113"];
    const tokenizer = await Tokenizer.load(await tokenizerFolder(undefined, { "tokenizer.json": json }));
    expect(covered(tokenizer, "\u0013é!")).toEqual(["é", "!"]);
  });
});

describe("tokenText", () => {
  it("shows text for complete characters and names the other bytes", async () => {
    const tokenizer = await load("gpt2");
    const texts = (text: string) => tokenizer.encode(text, plain).ids.map((id) => tokenizer.tokenText(id));
    expect(texts(" answer")).toEqual([" answer"]);
    expect(texts("🦉").every((text) => /^(<0x[0-9A-F]{2}>)+$/.test(text))).toBe(true);
    expect(texts("<|end|>")).toEqual(["<|end|>"]);
    expect(tokenizer.tokenText(1e6)).toBe("<id 1000000>");
  });

  it("shows SentencePiece's mark as a space and its bytes by name", async () => {
    const tokenizer = await load("llama2-prepend");
    const texts = tokenizer.encode("reward 🚀", plain).ids.map((id) => tokenizer.tokenText(id));
    expect(texts).toEqual([" reward", " ", "<0xF0>", "<0x9F>", "<0x9A>", "<0x80>"]);
  });
});

describe("kind and vocabulary", () => {
  it.each([
    ["llama3", "byte-level BPE"],
    ["gemma", "SentencePiece BPE"],
    ["bert-cased", "WordPiece"],
    ["unigram", "Unigram"],
  ])("%s is %s", async (name, kind) => {
    expect((await load(name)).kind).toBe(kind);
  });

  it("counts the model's own vocabulary, without added tokens", async () => {
    expect((await load("gpt2")).modelVocabularySize).toBe(600);
  });

  it("finds added tokens that only tokenizer_config.json names", async () => {
    const added = { "700": { content: "<extra>", special: true } };
    const tokenizer = await load("gpt2", { "tokenizer_config.json": { added_tokens_decoder: added } });
    expect(tokenizer.encode("<extra>", plain).ids).toEqual([700]);
  });
});

describe("faults", () => {
  const json = JSON.parse(readFileSync(tokenizerFile("gpt2"), "utf8")) as { model: Record<string, unknown> };
  const faulty = (changes: object) => ({ "tokenizer.json": { ...json, ...changes } });
  const model = (changes: object) => faulty({ model: { ...json.model, ...changes } });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["no tokenizer", {}, /has no tokenizer\.json; copy it/],
    [
      "a slow tokenizer",
      { "tokenizer.model": "" },
      /only tokenizer\.model; convert it once with transformers/,
    ],
    ["broken JSON", { "tokenizer.json": "{" }, /^tokenizer\.json: is not valid JSON/],
    ["no model", { "tokenizer.json": {} }, /^tokenizer\.json: model is undefined, expected an object/],
    [
      "an unknown model",
      model({ type: "WordLevel" }),
      /the model type WordLevel is not supported\. Supported: BPE/,
    ],
    [
      "a merge of unknown tokens",
      model({ merges: ["q zzz"] }),
      /merge 0 \("q zzz"\) does not join two tokens/,
    ],
    ["no merges", model({ merges: 3 }), /merges is 3, expected a list/],
    ["no vocabulary", model({ vocab: null }), /^tokenizer\.json model: has no vocab/],
    ["an odd id", model({ vocab: { a: -1 } }), /vocab: a is -1, expected an id/],
    [
      "an unknown normalizer",
      faulty({ normalizer: { type: "Precompiled" } }),
      /normalizer type Precompiled is not/,
    ],
    [
      "an unknown splitter",
      faulty({ pre_tokenizer: { type: "X" } }),
      /pre-tokenizer type X is not supported/,
    ],
    ["an unknown end", faulty({ post_processor: { type: "X" } }), /post-processor type X is not supported/],
    [
      "an odd pattern",
      faulty({ pre_tokenizer: { type: "Split", pattern: { Regex: "(" }, behavior: "Isolated" } }),
      /its regular expression is not supported/,
    ],
    [
      "an odd added token",
      faulty({ added_tokens: [{ id: "x", content: "y" }] }),
      /id is "x", expected a number/,
    ],
  ])("names %s", async (_, files, message) => {
    await expect(Tokenizer.load(await tokenizerFolder(undefined, files))).rejects.toThrow(message);
    await expect(Tokenizer.load(await tokenizerFolder(undefined, files))).rejects.toMatchObject({
      name: "InputError",
    });
  });
});
