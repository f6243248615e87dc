/** Rows as they are encoded, with a tokenizer of one token a character, which shows whose each token is. */
import { describe, expect, test } from "vitest";
import { ChatTemplate } from "../../../../extension/engine/data/chat/chat-template";
import type { Text } from "../../../../extension/engine/data/fields/text";
import type { Completion } from "../../../../extension/engine/data/rows/row";
import { type Encoder, encodeCompletion, encodeRow } from "../../../../extension/engine/scoring/encode";
import { codesOf, embeddingRows, eosId, fakeEncoder, samplesOf } from "../../../support/fake-model";

const options = { maxLength: 100, chat: false };
/** The text of the end-of-sequence token. */
const eos = String.fromCharCode(eosId);

function encode(encoder: Encoder, prompt: Text, completion: Text, changed: Partial<typeof options> = {}) {
  return encodeCompletion(encoder, { role: "completion", prompt, completion }, { ...options, ...changed });
}

/** Writes each turn in angle brackets; what ends it is given. */
function chat(end: string, append: Encoder["eos"]["append"] = "plain-text"): Encoder {
  const source = `{% for message in messages %}<{{ message.content }}>{{ end }}{% endfor %}`;
  return { ...fakeEncoder(append), template: new ChatTemplate(source, { end }, "template") };
}

describe("a row", () => {
  const encoder = fakeEncoder("never");

  test("is encoded completion by completion, or those that are wanted", () => {
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

  test("with nothing to score in one of its completions is a bad row", () => {
    const problem = "its prompt and completion are both empty";
    expect(encodeRow(encoder, samplesOf(4, "", "a", ""), options)).toEqual({ row: 4, place: "x:5", problem });
    expect(encodeRow(fakeEncoder(), samplesOf(4, "", "a", ""), options)).toHaveProperty(
      "completions.length",
      2,
    );
  });

  test("that is a conversation without a template is a bad row; other errors are not its own", () => {
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

test("the tokenizer adds its special tokens to plain text, and none to what a template wrote", () => {
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

test("turns are taken as turns, also if plain text is taken as a conversation", () => {
  const turns = [{ role: "assistant", content: "ab" }];
  expect(encode(chat(eos), "p", turns, { chat: true })).toEqual(encode(chat(eos), "p", turns));
});

describe("end-of-sequence tokens", () => {
  const kinds = (encoder: Encoder, completion: string) =>
    encode(encoder, [{ role: "user", content: `q${eos}` }], [{ role: "assistant", content: completion }])
      .warnings;

  test("that a template writes close a completion, with or without something after them", () => {
    expect(kinds(chat(eos), "ab")).toEqual([]);
    expect(kinds(chat(`${eos}\n`), "ab")).toEqual([]);
    expect(kinds(chat(`${eos}${eos}\n`), "ab")).toEqual([{ kind: "eos-doubled", count: 2 }]);
  });

  test("are missing if the template writes none, unless none is wanted", () => {
    expect(kinds(chat("\n"), "ab")).toEqual([{ kind: "eos-missing" }]);
    expect(kinds(chat("\n", "never"), "ab")).toEqual([]);
  });

  test("inside the completion do not close it", () => {
    expect(kinds(chat(`${eos}\n`), `a${eos}b`)).toEqual([]);
    expect(kinds(chat("\n"), `a${eos}b`)).toEqual([{ kind: "eos-missing" }]);
  });

  test("are neither appended nor missed if the tokenizer has none", () => {
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

  test("are those that the tokenizer calls unknown, and those without a row in the embedding", () => {
    expect(encode(fakeEncoder(), "p", `~a${first}${last}`)).toMatchObject({
      ids: Int32Array.from([...codesOf("p~a"), 0, embeddingRows - 1, eosId]),
      warnings: [{ kind: "outside-vocabulary", tokens: 2 }],
    });
  });

  test("are told of the completion alone", () => {
    expect(encode(fakeEncoder(), `~${first}`, "a").warnings).toEqual([]);
    expect(encode(fakeEncoder(), "p", "~").warnings).toEqual([{ kind: "outside-vocabulary", tokens: 1 }]);
  });
});
