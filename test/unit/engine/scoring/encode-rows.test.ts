/** Tests the encoding of rows with a tokenizer of one token per character, which shows the origin of each token. */
import { describe, expect, test } from "vitest";
import { ChatTemplate } from "../../../../extension/engine/data/chat/chat-template";
import type { Completion } from "../../../../extension/engine/data/rows/row";
import { type Encoder, encodeCompletion, encodeRow } from "../../../../extension/engine/scoring/encode";
import type { Text } from "../../../../extension/protocol/datasets";
import { codesOf, embeddingRows, eosId, fakeEncoder, samplesOf } from "../../../support/fake-model";

const options = { maxLength: 100, chat: false };
/** The text of the end-of-sequence token. */
const eos = String.fromCharCode(eosId);

function encode(encoder: Encoder, prompt: Text, completion: Text, changed: Partial<typeof options> = {}) {
  return encodeCompletion(encoder, { role: "completion", prompt, completion }, { ...options, ...changed });
}

/** Creates an encoder with a template that writes each turn as `<content>` followed by `end`. */
function chat(end: string, append: Encoder["eos"]["append"] = "plain-text"): Encoder {
  const source = `{% for message in messages %}<{{ message.content }}>{{ end }}{% endfor %}`;
  return { ...fakeEncoder(append), template: new ChatTemplate(source, { end }, "template") };
}

describe("a row", () => {
  const encoder = fakeEncoder("never");

  test("is encoded completion by completion, unwanted ones excepted", () => {
    const row = samplesOf(0, "p", "ab", "", "c");
    const texts = (isWanted?: (completion: Completion) => boolean) => {
      const encoded = encodeRow(encoder, row, options, isWanted);
      return "problem" in encoded
        ? encoded
        : encoded.completions.map(({ ids }) => String.fromCharCode(...ids));
    };
    expect(texts()).toEqual(["pab", "p", "pc"]);
    expect(texts(({ completion }) => completion !== "")).toEqual(["pab", "pc"]);
  });

  test("is a bad row if a prompt and its completion are both empty", () => {
    const problem = "its prompt and completion are both empty";
    expect(encodeRow(encoder, samplesOf(4, "", "a", ""), options)).toEqual({ row: 4, place: "x:5", problem });
    expect(encodeRow(fakeEncoder(), samplesOf(4, "", "a", ""), options)).toHaveProperty(
      "completions.length",
      2,
    );
  });

  test("is a bad row if it is a conversation without a template; other errors are thrown", () => {
    const turns = {
      role: "completion",
      prompt: "p",
      completion: [{ role: "assistant", content: "a" }],
    } as const;
    const row = { row: 1, place: "x:2", completions: [turns] };
    expect(encodeRow(encoder, row, options)).toMatchObject({
      row: 1,
      place: "x:2",
      problem: expect.stringContaining("chat_template"),
    });
    const broken = {
      ...encoder,
      get embeddingRows(): number {
        throw new RangeError("broken");
      },
    };
    expect(() => encodeRow(broken, samplesOf(0, "p", "a"), options)).toThrow(RangeError);
  });
});

test("the tokenizer adds its special tokens to plain text, but not to a template's output", () => {
  const asked: unknown[] = [];
  const encoder = chat(eos);
  const tokenizer = Object.assign(Object.create(encoder.tokenizer), {
    encode: (text: string, how: { readonly addSpecialTokens: boolean }) => {
      asked.push(how);
      return encoder.tokenizer.encode(text, how);
    },
  });
  encode({ ...encoder, tokenizer }, "p", "a");
  encode({ ...encoder, tokenizer }, "p", "a", { chat: true });
  expect(asked).toEqual([{ addSpecialTokens: true }, { addSpecialTokens: false }]);
});

test("turns are encoded as turns, even if plain text is treated as a conversation", () => {
  const turns = [{ role: "assistant", content: "ab" }];
  expect(encode(chat(eos), "p", turns, { chat: true })).toEqual(encode(chat(eos), "p", turns));
});

describe("end-of-sequence tokens", () => {
  const kinds = (encoder: Encoder, completion: string) =>
    encode(encoder, [{ role: "user", content: `q${eos}` }], [{ role: "assistant", content: completion }])
      .warnings;

  test("written by a template close a completion, with or without text after them", () => {
    expect(kinds(chat(eos), "ab")).toEqual([]);
    expect(kinds(chat(`${eos}\n`), "ab")).toEqual([]);
    expect(kinds(chat(`${eos}${eos}\n`), "ab")).toEqual([{ kind: "eos-doubled", count: 2 }]);
  });

  test("are reported missing if the template writes none, unless none is expected", () => {
    expect(kinds(chat("\n"), "ab")).toEqual([{ kind: "eos-missing" }]);
    expect(kinds(chat("\n", "never"), "ab")).toEqual([]);
  });

  test("inside the completion do not close it", () => {
    expect(kinds(chat(`${eos}\n`), `a${eos}b`)).toEqual([]);
    expect(kinds(chat("\n"), `a${eos}b`)).toEqual([{ kind: "eos-missing" }]);
  });

  test("are neither appended nor reported missing if the tokenizer has none", () => {
    const encoder = fakeEncoder("always");
    const config = { ...encoder.tokenizer.config, eosToken: undefined };
    const tokenizer = Object.assign(Object.create(encoder.tokenizer), { config });
    const encoded = encode({ ...encoder, tokenizer }, "p", "ab");
    expect([[...encoded.ids], encoded.warnings]).toEqual([codesOf("pab"), []]);
  });
});

describe("tokens outside the vocabulary", () => {
  const first = String.fromCharCode(embeddingRows);
  const last = String.fromCharCode(embeddingRows - 1);

  test("are the unknown token and ids without a row in the embedding", () => {
    expect(encode(fakeEncoder(), "p", `~a${first}${last}`)).toMatchObject({
      ids: Int32Array.from([...codesOf("p~a"), 0, embeddingRows - 1, eosId]),
      warnings: [{ kind: "outside-vocabulary", tokens: 2 }],
    });
  });

  test("are reported for the completion only", () => {
    expect(encode(fakeEncoder(), `~${first}`, "a").warnings).toEqual([]);
    expect(encode(fakeEncoder(), "p", "~").warnings).toEqual([{ kind: "outside-vocabulary", tokens: 1 }]);
  });
});
