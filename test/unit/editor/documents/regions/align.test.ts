/** Maps tokens of a conversation through a template's markup to the messages of the document. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignCompletion, tokenRanges } from "../../../../../extension/editor/documents/regions/align";
import { regionOfLine } from "../../../../../extension/editor/documents/regions/documents";
import type { PlacedCompletion } from "../../../../../extension/editor/documents/regions/region";
import { ChatTemplate } from "../../../../../extension/engine/data/chat/chat-template";
import { renderCompletion } from "../../../../../extension/engine/data/chat/render";
import { words, writings } from "./written-json";

/** Places texts one after another, each after a bar. */
function placedIn(...texts: string[]): { document: string; completion: PlacedCompletion } {
  const starts = texts.map((_, i) => texts.slice(0, i).join("|").length + (i > 0 ? 1 : 0));
  return {
    document: texts.join("|"),
    completion: {
      texts: texts.map((text, i) => ({
        text,
        start: texts.slice(0, i).join("").length,
        at: (offset) => (starts[i] ?? 0) + offset,
      })),
    },
  };
}

/** The document's characters for the whole text. */
function written(texts: readonly string[], text: string, start = 0, end = text.length): string[] {
  const { document, completion } = placedIn(...texts);
  return tokenRanges(completion, text, start, end).map((range) => document.slice(range.start, range.end));
}

describe("a token of the engine's text", () => {
  test.each<[readonly string[], string, readonly string[]]>([
    [["abc"], "abc", ["abc"]],
    [["  abc\n"], "abc", ["abc"]],
    [["a", "b"], "a\nb", ["a", "b"]],
    [["a", "", "b"], "a\n\n\n\nb", ["a", "b"]],
    [["a", "b"], "ab", ["a", "b"]],
    [["<think>hm</think>\n\nyes"], "yes", ["yes"]],
    [["<think>hm</think>yes", "b", "c"], "yes|b|c", ["b", "c"]],
    [["something else"], "text", []],
    [[], "abc", []],
    [[""], "", []],
  ])("%j as %j", (texts, text, expected) => {
    expect(written(texts, text)).toEqual(expected);
  });

  test("of a message is not found inside a word of the markup", () => {
    const text = "a<end>\n<user>\nus<end>\n<assistant>\nno";
    const us = text.indexOf("us<");
    expect(written(["a", "us", "no"], text, us, us + 2)).toEqual(["us"]);
    expect(written(["a", "us", "no"], text, 1, us)).toEqual([]);
  });

  test("that spans two steps has a range in each; one of the separator has none", () => {
    expect(written(["ab", "cd"], "ab\n\ncd", 1, 5)).toEqual(["b", "c"]);
    expect(written(["ab", "cd"], "ab\n\ncd", 2, 4)).toEqual([]);
    expect(written(["ab", "cd"], "ab\n\ncd", 1, 1)).toEqual([]);
  });
});

describe("through a chat template", () => {
  const folder = join(import.meta.dirname, "../../../../fixtures/checkpoint");
  const source = readFileSync(join(folder, "chat_template.jinja"), "utf8");
  const templates = {
    "of the test's checkpoint": source,
    "that trims": "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content | trim }}<|end|>\n{% endfor %}",
  };

  test.each(Object.entries(templates))("%s, every message is found", (_, jinja) => {
    const template = new ChatTemplate(jinja, { bos_token: "<s>", eos_token: "</s>" }, "template");
    fc.assert(
      fc.property(words, words, words, writings, (a, b, c, write) => {
        const turn = (role: string, content: string): object => ({ role, content });
        const opening = turn("user", "q");
        const chosen = [opening, turn("assistant", `1${a}`), turn("user", b), turn("assistant", c)];
        const rejected = [opening, turn("assistant", `2${a}`)];
        const { source: line } = write({ chosen, rejected });
        const region = regionOfLine(line, 0, "a:1");
        if (!region || "problem" in region) throw new Error("no region");
        const contents = [[`1${a}`, b, c], [`2${a}`]];
        region.row.completions.forEach((completion, i) => {
          const rendered = renderCompletion(completion, template);
          const text = rendered.text.slice(rendered.contentStart, rendered.contentEnd);
          const placed = region.completions[i];
          const ranges = placed ? alignCompletion(placed, text).ranges(0, text.length) : [];
          const found = ranges.map(({ start, end }) => JSON.parse(`"${line.slice(start, end)}"`));
          expect(found).toEqual(contents[i]);
        });
      }),
      { numRuns: 60 },
    );
  });
});
