/** Training against the Rust library's BpeTrainer, and what the written files encode against the Rust library. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChatTemplate } from "../../../extension/engine/data/chat/chat-template";
import { Tokenizer } from "../../../extension/engine/tokenizer/tokenizer";
import {
  questionAnswerTemplate,
  type TrainedTokenizer,
  writeTokenizer,
} from "../../../models/recipe/tokenizer-files";
import { trainTokenizer } from "../../../models/recipe/tokenizer-trainer";
import { root } from "../../support/fixture";
import { temporaryFolder } from "../../support/temp-folder";
import { RustReference } from "../engine/tokenizer/rust-tokenizer";
import { troublesomeText } from "../engine/tokenizer/tokenizer-texts";

const fixtures = join(root, "test/fixtures/tokenizer-trainer");
const corpus = JSON.parse(readFileSync(join(fixtures, "corpus.json"), "utf8")) as string[];
const rust = JSON.parse(readFileSync(join(fixtures, "trained.json"), "utf8")) as TrainedTokenizer;

const [pad, eos] = ["<|pad|>", "<|endoftext|>"];
const specialTokens = [pad, eos];
const bytesAndSpecial = 256 + specialTokens.length;
const files = { specialTokens: { eos, pad }, chatTemplate: questionAnswerTemplate };
const trained = trainTokenizer(corpus, { vocabularySize: 2000, specialTokens });

describe("trainTokenizer", () => {
  it("ends in the Rust library's vocabulary and merges", () => {
    expect(trained.merges).toEqual(rust.merges);
    expect(trained.vocabulary).toEqual(rust.vocabulary);
  });

  it("stops at the vocabulary's size", () => {
    const small = trainTokenizer(corpus, { vocabularySize: 300, specialTokens });
    expect(small.merges).toEqual(rust.merges.slice(0, 300 - bytesAndSpecial));
    expect(Object.values(small.vocabulary).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 300 }, (_, id) => id),
    );
  });

  it("merges pairs down to the minimum frequency", () => {
    const merges = (minimumFrequency: number) =>
      trainTokenizer(["ab ab ab ac ac"], { vocabularySize: 2000, specialTokens, minimumFrequency }).merges;
    expect(merges(4)).toEqual([["Ġ", "a"]]);
    expect(merges(3)).toEqual([["Ġ", "a"]]);
    expect(merges(2)).toEqual([
      ["Ġ", "a"],
      ["Ġa", "b"],
      ["Ġa", "c"],
    ]);
  });

  it("knows every byte and the special tokens where there is no text", () => {
    const { vocabulary, merges } = trainTokenizer([], { vocabularySize: 2000, specialTokens });
    expect(merges).toEqual([]);
    expect(Object.keys(vocabulary)).toHaveLength(bytesAndSpecial);
    expect([vocabulary[pad], vocabulary[eos], vocabulary["!"]]).toEqual([0, 1, 2]);
  });

  it("lets a merge make a token that a special one reads as", () => {
    const { vocabulary, merges } = trainTokenizer(["abc ".repeat(3)], {
      vocabularySize: 2000,
      specialTokens: ["ab", eos],
    });
    expect(merges).toEqual([
      ["a", "b"],
      ["ab", "c"],
      ["Ġ", "abc"],
    ]);
    expect([vocabulary.ab, vocabulary.abc, vocabulary.Ġabc]).toEqual([0, 258, 259]);
  });

  it("makes no token of several digits", () => {
    const { vocabulary } = trainTokenizer(["1234 ".repeat(50)], { vocabularySize: 2000, specialTokens });
    expect(Object.keys(vocabulary).filter((token) => /\d\d|[^Ġ]\d/.test(token))).toEqual([]);
  });

  it("refuses a size without room for the bytes", () => {
    expect(() => trainTokenizer([], { vocabularySize: 257, specialTokens })).toThrow(
      "vocabulary size: is 257, but bytes and special tokens alone are 258; set it to at least 258",
    );
  });
});

describe("writeTokenizer", () => {
  it("writes files that give the Rust library's ids and offsets", async () => {
    const folder = await temporaryFolder();
    await writeTokenizer(folder, trained, files);
    const tokenizer = await Tokenizer.load(folder);
    const reference = new RustReference(join(folder, "tokenizer.json"));
    const digits = fc.array(fc.constantFrom("1", "42", "007", "3.5", "½", "٣", " ", "a"), { maxLength: 8 });
    const texts = fc
      .tuple(troublesomeText(specialTokens), digits)
      .map(([text, numbers]) => `${text}${numbers.join("")}`.toWellFormed());
    const property = fc.asyncProperty(texts, async (text) => {
      const found = tokenizer.encode(text, { addSpecialTokens: true });
      expect(found).toEqual(await reference.encode(text, true));
    });
    await fc.assert(property, { numRuns: 500, seed: 20240717 });
  });

  it("names special tokens and the longest text", async () => {
    const folder = await temporaryFolder();
    const bos = "<|start|>";
    const withStart = trainTokenizer(corpus, { vocabularySize: 300, specialTokens: [pad, eos, bos] });
    await writeTokenizer(folder, withStart, {
      ...files,
      specialTokens: { bos, eos, pad },
      maximumLength: 512,
    });
    const { config } = await Tokenizer.load(folder);
    expect(config).toMatchObject({
      bosToken: { id: 2, text: bos },
      eosToken: { id: 1, text: eos },
      padToken: { id: 0, text: pad },
      addsEos: false,
    });
    const written = JSON.parse(readFileSync(join(folder, "tokenizer_config.json"), "utf8")) as unknown;
    expect(written).toMatchObject({ tokenizer_class: "PreTrainedTokenizerFast", model_max_length: 512 });
  });

  it("writes nothing where a special token was not trained", async () => {
    const folder = await temporaryFolder();
    const specialTokens = { eos: "<end>", pad };
    await expect(writeTokenizer(folder, trained, { ...files, specialTokens })).rejects.toThrow(
      "special tokens: <end> is not in the vocabulary; train the tokenizer with it as a special token",
    );
    await expect(Tokenizer.load(folder)).rejects.toThrow("has no tokenizer.json");
  });
});

describe("questionAnswerTemplate", () => {
  const template = new ChatTemplate(questionAnswerTemplate, { eos_token: eos }, "template");
  const question = { role: "user", content: "What is 6 * 7?" };
  const answer = { role: "assistant", content: "6 * 7 = 42" };

  it("writes one turn as plain prompt, completion and end token", () => {
    const text = template.render([question, answer], { addGenerationPrompt: false });
    expect(text).toBe(`What is 6 * 7?\n6 * 7 = 42${eos}`);
  });

  it("writes a prompt with or without generation prompt alike", () => {
    const texts = [true, false].map((add) => template.render([question], { addGenerationPrompt: add }));
    expect(texts).toEqual(["What is 6 * 7?\n", "What is 6 * 7?\n"]);
  });

  it("begins further turns on new lines", () => {
    const text = template.render([question, answer, question, answer], { addGenerationPrompt: false });
    expect(text).toBe(`What is 6 * 7?\n6 * 7 = 42${eos}\nWhat is 6 * 7?\n6 * 7 = 42${eos}`);
  });
});
