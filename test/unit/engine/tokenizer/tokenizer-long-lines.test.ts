/** Lines of one megabyte that make a naive tokenizer take quadratic time. */
import { describe, expect, it } from "vitest";
import { Tokenizer } from "../../../../extension/engine/tokenizer/tokenizer";
import { tokenizerFolder } from "./tokenizer-folder";

const million = 1_000_000;
const shapes: Readonly<Record<string, string>> = {
  prose: fill("The reward model reads the prompt and the answer, then gives a number for each token. "),
  letters: fill("abcdefghij"),
  spaces: fill(" "),
  "many marks on one letter": fill("\u0301\u0323"),
};
/** Quadratic time would take minutes; linear time takes seconds even on a slow machine. */
const limit = 30_000;

describe.each([
  ["llama3", "prose"],
  ["llama2-prepend", "prose"],
  ["gpt2", "letters"],
  ["gemma", "spaces"],
  ["qwen2", "many marks on one letter"],
  ["bert-uncased", "letters"],
])("%s, %s", (name, shape) => {
  it("encodes a line of one megabyte", { timeout: limit }, async () => {
    const tokenizer = await Tokenizer.load(await tokenizerFolder(name));
    const text = shapes[shape] ?? "";
    const { ids, starts, ends } = tokenizer.encode(text, { addSpecialTokens: false });
    expect([starts[0], ends.at(-1)]).toEqual([0, million]);
    expect(starts.every((start, i) => start <= (starts[i + 1] ?? million))).toBe(true);
    expect(ids.length).toBe(starts.length);
  });
});

function fill(unit: string): string {
  return unit.repeat(Math.ceil(million / unit.length)).slice(0, million);
}
