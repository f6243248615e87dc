/** Text without a known format, and completions marked by hand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regionsOf } from "../../../../../extension/editor/documents/regions/documents";
import { documentKind } from "../../../../../extension/editor/documents/regions/kind";
import { documentKinds } from "../../../../../extension/editor/documents/regions/region";
import { completionsIn, goodRegions, promptsIn } from "./found";

describe("text", () => {
  test.each([
    ["no question", "Just text.\nMore.\n\n", "", "Just text.\nMore."],
    ["a question in its first line", "How many?\nStep 1\nAnswer: 2\n", "How many?\n", "Step 1\nAnswer: 2"],
    ["blank lines after the question", "How many?\n\n \n  Two.", "How many?\n\n \n", "  Two."],
    [
      "a paragraph that ends in a question",
      "Tom has 2.\nHow many?\n\nTwo.\n",
      "Tom has 2.\nHow many?\n\n",
      "Two.",
    ],
    ["a question in bold", "\n**How many?**\nTwo.", "\n**How many?**\n", "Two."],
    ["a question alone", "How many?\n\n", "", "How many?"],
    ["a question within its first line", "How many? Two.\nYes.", "", "How many? Two.\nYes."],
  ])("with %s", (_, text, prompt, completion) => {
    for (const [document, end] of [
      [text, "\n"],
      [text.replaceAll("\n", "\r\n"), "\r\n"],
      [`\uFEFF${text}`, "\n"],
    ] as const) {
      const regions = goodRegions("text", document);
      expect(regions.map(({ row }) => row.completions)).toEqual([
        [{ role: "completion", prompt, completion }],
      ]);
      expect(completionsIn(document, regions)).toEqual([[completion.replaceAll("\n", end)]]);
      expect(promptsIn(document, regions)).toEqual([prompt === "" ? [] : [prompt.replaceAll("\n", end)]]);
      expect(regions[0]?.key).toBe(goodRegions("text", text)[0]?.key);
    }
  });

  test("of the samples is split after its first line", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../../../models/samples/solution.md"), "utf8");
    expect(documentKind({ fileName: "solution.md", languageId: "markdown" }, text)).toBe("text");
    const [completion] = goodRegions("text", text)[0]?.row.completions ?? [];
    expect(completion?.prompt).toBe(text.slice(0, text.indexOf("\n") + 1));
    expect(completion?.completion).toBe(text.slice(text.indexOf("Step 1")).trimEnd());
  });

  test("has no region if it is blank", () => {
    for (const text of ["", " \n\t", "\uFEFF"]) expect(regionsOf("text", text, "a.txt")).toEqual([]);
  });
});

describe("marked completions", () => {
  const text = "Q?\r\none\r\ntwo";

  test("have all text before them as prompt, and one region each", () => {
    const one = { start: text.indexOf("one"), end: text.indexOf("one") + 5 };
    const two = { start: text.indexOf("two"), end: text.length };
    const regions = goodRegions("text", text, { marked: [two, one] });
    expect(regions.map(({ row }) => row.completions)).toEqual([
      [{ role: "completion", prompt: "Q?\n", completion: "one\n" }],
      [{ role: "completion", prompt: "Q?\none\n", completion: "two" }],
    ]);
    expect(completionsIn(text, regions)).toEqual([["one\r\n"], ["two"]]);
    expect(promptsIn(text, regions)).toEqual([["Q?\r\n"], ["Q?\r\none\r\n"]]);
    expect(regions.map(({ row }) => row.place)).toEqual(["a.txt:2", "a.txt:3"]);
  });

  test("replace the detected ones; ranges outside the text are ignored", () => {
    const chat = "User: a\nAssistant: b";
    expect(goodRegions("markdown-chat", chat, { marked: [{ start: 0, end: 4 }] }).length).toBe(1);
    const nowhere = [
      { start: 3, end: 3 },
      { start: -1, end: 2 },
      { start: 2, end: 90 },
    ];
    expect(goodRegions("text", chat, { marked: nowhere })).toEqual([]);
  });
});

test("a document's kind depends on its name, then its language, then its text", () => {
  expect(documentKind({ fileName: "/a/b.JSONL", languageId: "plaintext" }, "")).toBe("json-lines");
  expect(documentKind({ fileName: "b.ndjson", languageId: "json" }, "")).toBe("json-lines");
  expect(documentKind({ fileName: "Untitled-1", languageId: "jsonl" }, "")).toBe("json-lines");
  expect(documentKind({ fileName: "b.json", languageId: "jsonl" }, "")).toBe("json-lines");
  expect(documentKind({ fileName: "b.json", languageId: "json" }, "\n\nHuman: a\n\nAssistant: b")).toBe(
    "json",
  );
  expect(documentKind({ fileName: "/a.json/b", languageId: "plaintext" }, "x")).toBe("text");
  expect(documentKind({ fileName: "b.jsonl", languageId: "jsonl" }, '\uFEFF\n[{"completion":"a"}]')).toBe(
    "json",
  );
});

test("nothing throws, whatever the document, and regions write their completions", () => {
  const pieces = [
    "\n\nHuman:",
    "\n\nAssistant:",
    "## User\n",
    "## Assistant\n",
    "**User:** ",
    "AI: ",
    "```",
    "?\n",
    "\r\n",
    "\uFEFF",
    " ",
    "a",
    "😀",
    "\ud83d",
  ];
  const documents = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })))
    .map((all) => all.join(""));
  fc.assert(
    fc.property(documents, fc.constantFrom(...documentKinds), fc.boolean(), (text, kind, asMessages) => {
      documentKind({ fileName: "a.md", languageId: "markdown" }, text);
      for (const region of regionsOf(kind, text, "a.md", { asMessages })) {
        if ("problem" in region) continue;
        const [written] = completionsIn(text, [region]);
        const said = region.row.completions.map(({ completion }) =>
          typeof completion === "string" ? completion : completion[0]?.content,
        );
        if (kind !== "json" && kind !== "json-lines")
          expect(written?.map((each) => each.replaceAll("\r\n", "\n"))).toEqual(said);
      }
    }),
    { numRuns: 200 },
  );
});
