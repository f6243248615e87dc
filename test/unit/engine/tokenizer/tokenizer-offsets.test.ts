/** Ids and offsets of every kind of tokenizer against the Rust library, on texts made to go wrong. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Tokenizer } from "../../../../extension/engine/tokenizer/tokenizer";
import { RustReference } from "./rust-tokenizer";
import { tokenizerFile, tokenizerFolder } from "./tokenizer-folder";
import { troublesomeText } from "./tokenizer-texts";

/** A longer search: RUNS=20000 SEED=7 npx vitest run tokenizer-offsets */
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
        // Where the text left no token, the reference cannot tell on which side an added one stands.
        if (wanted.starts.includes(-1)) expect(found.ids).toEqual(wanted.ids);
        else expect(found).toEqual(wanted);
      },
    );
    await fc.assert(property, { numRuns, seed });
  });

  it("does so on a long line", async () => {
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

/** What reaches the Rust library: UTF-8 has no lone surrogates. */
function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}
