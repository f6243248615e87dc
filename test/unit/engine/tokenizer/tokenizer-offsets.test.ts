/** Compares ids and offsets of every kind of tokenizer with the Rust library's, on adversarial texts. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Tokenizer } from "../../../../extension/engine/tokenizer/tokenizer";
import { RustReference } from "./rust-tokenizer";
import { tokenizerFile, tokenizerFolder } from "./tokenizer-folder";
import { troublesomeText } from "./tokenizer-texts";

/** For a longer search: RUNS=20000 SEED=7 npx vitest run tokenizer-offsets */
const numRuns = Number(process.env.RUNS ?? 400);
const seed = Number(process.env.SEED ?? 20240717);

const names = readdirSync("test/fixtures/tokenizers")
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

describe.each(names)("%s", (name) => {
  const load = async () => ({
    tokenizer: await Tokenizer.load(await tokenizerFolder(name)),
    rust: new RustReference(tokenizerFile(name)),
  });

  it("gives the ids and offsets of the Rust library", async () => {
    const { tokenizer, rust } = await load();
    const property = fc.asyncProperty(
      troublesomeText(addedTexts(name)),
      fc.boolean(),
      async (text, addSpecialTokens) => {
        const wanted = await rust.encode(wellFormed(text), addSpecialTokens);
        const found = tokenizer.encode(text, { addSpecialTokens });
        // If the text has no tokens, the reference cannot tell on which side an added token is.
        if (wanted.starts.includes(-1)) expect(found.ids).toEqual(wanted.ids);
        else expect(found).toEqual(wanted);
      },
    );
    await fc.assert(property, { numRuns, seed });
  });

  it("gives the ids and offsets of the Rust library for a long line", async () => {
    const { tokenizer, rust } = await load();
    const [text = ""] = fc
      .sample(troublesomeText(addedTexts(name), 4000), { numRuns: 20, seed })
      .sort((a, b) => b.length - a.length);
    expect(tokenizer.encode(text, { addSpecialTokens: true })).toEqual(
      await rust.encode(wellFormed(text), true),
    );
  });
});

function addedTexts(name: string): string[] {
  const json = JSON.parse(readFileSync(tokenizerFile(name), "utf8")) as {
    added_tokens: { content: string }[];
  };
  return json.added_tokens.map(({ content }) => content);
}

/** Replaces lone surrogates, which UTF-8 cannot encode. */
function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}
