/** hh-rlhf transcripts, with one completion per turn of the assistant. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentKind } from "../../../../../extension/editor/documents/regions/kind";
import { readRecord } from "../../../../../extension/engine/data/rows/row-formats";
import { completionsIn, goodRegions, promptsIn } from "./found";

const text = "\n\nHuman: Hi\n\nAssistant: Hello\n\nhow are you?\n\nHuman: Fine\n\nAssistant: Good!\n";

describe("a transcript", () => {
  test("has one completion per turn with its leading space, and all text before it as prompt", () => {
    const regions = goodRegions("transcript", text);
    expect(regions.map(({ row }) => row.completions)).toEqual([
      [{ role: "completion", prompt: "\n\nHuman: Hi\n\nAssistant:", completion: " Hello\n\nhow are you?" }],
      [{ role: "completion", prompt: text.slice(0, text.indexOf(" Good!")), completion: " Good!" }],
    ]);
    expect(completionsIn(text, regions)).toEqual([[" Hello\n\nhow are you?"], [" Good!"]]);
    expect(regions.map(({ start, end }) => text.slice(start, end))).toEqual([
      "Assistant: Hello\n\nhow are you?",
      "Assistant: Good!",
    ]);
    expect(regions.map(({ row }) => [row.row, row.place])).toEqual([
      [0, "a.txt:5"],
      [1, "a.txt:11"],
    ]);
  });

  test("has all text that is not an earlier completion as prompt", () => {
    expect(promptsIn(text, goodRegions("transcript", text))).toEqual([
      ["\n\nHuman: Hi\n\nAssistant:"],
      ["\n\nHuman: Fine\n\nAssistant:"],
    ]);
  });

  test("is read the same with CR LF, which the completion's range includes", () => {
    const windows = text.replaceAll("\n", "\r\n");
    const [regions, plain] = [goodRegions("transcript", windows), goodRegions("transcript", text)];
    expect(regions.map(({ row }) => row)).toEqual(plain.map(({ row }) => row));
    expect(regions.map(({ key }) => key)).toEqual(plain.map(({ key }) => key));
    expect(completionsIn(windows, regions)).toEqual([[" Hello\r\n\r\nhow are you?"], [" Good!"]]);
  });

  test("has keys that depend on everything before a turn", () => {
    const keys = (changed: string): string[] => goodRegions("transcript", changed).map(({ key }) => key);
    const [first, second] = keys(text);
    expect(keys(text.replace("Fine", "Bad"))[0]).toBe(first);
    for (const changed of [
      text.replace("Fine", "Bad"),
      text.replace("Hi", "Ho"),
      text.replace("Good", "God"),
    ]) {
      expect(keys(changed)[1]).not.toBe(second);
    }
  });

  test("cuts each dialogue where the engine does", () => {
    const said = fc
      .string({ unit: fc.constantFrom("a", " ", "\n", ".", ":"), maxLength: 8 })
      .map((all) => `x${all}y`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(said, said), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        (turns, isCut, isWindows) => {
          const whole = turns.map(([asked, told]) => `\n\nHuman: ${asked}\n\nAssistant: ${told}`).join("");
          const dialogue = isCut ? whole.trimStart() : whole;
          const [engine] = readRecord({ text: dialogue }, {}, false).completions;
          const document = isWindows ? dialogue.replaceAll("\n", "\r\n") : dialogue;
          expect(documentKind({ fileName: "a.txt", languageId: "plaintext" }, document)).toBe("transcript");
          const regions = goodRegions("transcript", document);
          expect(regions.length).toBe(turns.length);
          expect(regions.at(-1)?.row.completions).toEqual([engine]);
        },
      ),
    );
  });

  test("may begin with its first label and end with an empty turn", () => {
    const begun = "Human: Hi\n\nAssistant: Hello\n\nHuman: So?\n\nAssistant: ";
    expect(documentKind({ fileName: "a.txt", languageId: "plaintext" }, begun)).toBe("transcript");
    expect(completionsIn(begun, goodRegions("transcript", begun))).toEqual([[" Hello"]]);
  });

  test("is read in linear time", () => {
    const many = text.repeat(5000);
    const regions = goodRegions("transcript", many);
    expect(regions.length).toBe(10_000);
    expect(new Set(regions.map(({ key }) => key)).size).toBe(10_000);
  });
});
