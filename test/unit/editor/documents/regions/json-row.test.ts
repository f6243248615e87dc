/** JSON rows in any notation: the characters found for a completion encode that completion. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignCompletion } from "../../../../../extension/editor/documents/regions/align";
import { regionOfLine } from "../../../../../extension/editor/documents/regions/documents";
import type { BadRegion, PlacedText, Region } from "../../../../../extension/editor/documents/regions/region";
import { readRecord } from "../../../../../extension/engine/data/rows/row-formats";
import { rowCases } from "./rows";
import { texts, writings } from "./written-json";

function regionOf(line: string): Region {
  const region = regionOfLine(line, 4, "a.jsonl:5");
  if (!region || "problem" in region) throw new Error(region?.problem ?? "blank");
  return region;
}

function problemOf(line: string): string | undefined {
  const region: Region | BadRegion | undefined = regionOfLine(line, 0, "a.jsonl:1");
  return region && "problem" in region ? region.problem : undefined;
}

/** The source characters of every unit of the text. */
function unitsWritten(source: string, { text, at }: PlacedText): string[] {
  return Array.from({ length: text.length }, (_, i) => JSON.parse(`"${source.slice(at(i), at(i + 1))}"`));
}

describe("a row of any format, written in any way", () => {
  test("is read as the engine reads it, its completions unit by unit in their own strings", () => {
    fc.assert(
      fc.property(rowCases, writings, ({ value, homes }, write) => {
        const { source, strings } = write(value);
        const region = regionOf(source);
        const { completions, values } = readRecord(JSON.parse(source), {}, false);
        expect(region.row).toEqual({ row: 4, place: "a.jsonl:5", completions, ...values });
        expect(region.completions.map((each) => each.texts.length)).toEqual(
          homes.map((paths) => paths.length),
        );
        region.completions.forEach((placed, i) => {
          placed.texts.forEach((text, k) => {
            expect(unitsWritten(source, text).join("")).toBe(text.text);
            const home = strings.get(homes[i]?.[k] ?? "");
            expect(text.at(text.text.length)).toBe(home?.end);
            expect(text.at(0)).toBeGreaterThanOrEqual(home?.start ?? Infinity);
          });
        });
      }),
      { numRuns: 400 },
    );
  });

  test("has all of each completion's text in its strings", () => {
    fc.assert(
      fc.property(rowCases, writings, ({ value }, write) => {
        const { source } = write(value);
        const region = regionOf(source);
        region.row.completions.forEach(({ completion, steps }, i) => {
          const placed = region.completions[i]?.texts.map(({ text }) => text) ?? [];
          if (typeof completion !== "string")
            expect(placed.join("")).toBe(completion.map(({ content }) => content).join(""));
          else if (steps) expect(placed).toEqual(steps.map(({ start, end }) => completion.slice(start, end)));
          else expect(placed).toEqual([completion]);
        });
      }),
    );
  });

  test("has its prompt in the strings that contain it, outside of every completion", () => {
    fc.assert(
      fc.property(rowCases, writings, ({ value, prompts }, write) => {
        const { source, strings } = write(value);
        const region = regionOf(source);
        for (const { start, end } of region.prompt) {
          const home = prompts.find((path) => strings.get(path)?.start === start);
          expect(home).toBeDefined();
          expect(end).toBeLessThanOrEqual(strings.get(home ?? "")?.end ?? -1);
        }
        for (const { text, at } of region.completions.flatMap((each) => each.texts)) {
          const overlapping = region.prompt.filter(
            ({ start, end }) => start < at(text.length) && at(0) < end,
          );
          expect(overlapping).toEqual([]);
        }
        const isNamed = (path: string): boolean =>
          !region.completions.some(
            ({ texts: [first] }) => first && strings.get(path)?.end === first.at(first.text.length),
          );
        const named = prompts.filter(
          (path) => isNamed(path) && strings.get(path)?.start !== strings.get(path)?.end,
        );
        const starts = region.prompt.map(({ start }) => start);
        expect(named.filter((path) => !starts.includes(strings.get(path)?.start ?? -1))).toEqual([]);
      }),
    );
  });

  test("has a key that depends on its content only", () => {
    fc.assert(
      fc.property(rowCases, rowCases, writings, (a, b, write) => {
        const [first, second] = [regionOf(JSON.stringify(a.value)), regionOf(JSON.stringify(b.value))];
        expect(regionOf(write(a.value).source).key).toBe(first.key);
        const isSame = JSON.stringify(first.row.completions) === JSON.stringify(second.row.completions);
        expect(first.key === second.key).toBe(isSame);
        expect(first.key.length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 100 },
    );
  });

  test("gives the ranges of tokens with any boundaries", () => {
    fc.assert(
      fc.property(texts, writings, fc.array(fc.nat(30)), (text, write, cuts) => {
        const { source } = write({ prompt: "p", completion: text });
        const [placed] = regionOf(source).completions;
        if (!placed) throw new Error("no completion");
        const alignment = alignCompletion(placed, text);
        const bounds = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const written = bounds.slice(1).flatMap((end, i) => alignment.ranges(bounds[i] ?? 0, end));
        const decoded = written.map(({ start, end }) => JSON.parse(`"${source.slice(start, end)}"`));
        expect(decoded.join("")).toBe(text);
      }),
    );
  });
});

describe("a line", () => {
  test("is not a row if it is blank", () => {
    for (const line of ["", " \t\r", "\uFEFF"]) expect(regionOfLine(line, 0, "a:1")).toBeUndefined();
  });

  test("with a byte-order mark and a carriage return is read", () => {
    const line = '\uFEFF {"completion":"\\u00e9"}\r';
    const region = regionOf(line);
    const [text] = region.completions[0]?.texts ?? [];
    expect([text?.text, line.slice(text?.at(0), text?.at(1))]).toEqual(["é", "\\u00e9"]);
    expect(region.end).toBe(line.length);
  });

  test("whose list is inside a string is read through both", () => {
    const messages = JSON.stringify([
      { role: "user", content: "a" },
      { role: "assistant", content: 'b "c"\n' },
    ]);
    const line = JSON.stringify({ messages });
    const region = regionOf(line);
    expect(region.row.completions[0]?.completion).toEqual([{ role: "assistant", content: 'b "c"\n' }]);
    const [text] = region.completions[0]?.texts ?? [];
    expect(line.slice(text?.at(0), text?.at(3))).toBe(String.raw`b \\\"`);
    const [prompt] = region.prompt;
    expect(line.slice(prompt?.start, prompt?.end)).toBe("a");
  });

  test.each([
    ["{", "is not valid JSON: "],
    ['{"completion":"a",}', "is not valid JSON: "],
    ['{"completion":"a"} // b', "is not valid JSON: "],
    ["[1]", "is a list, not an object with fields"],
    ['{"chosen":"a"}', "has `chosen` but no rejected answer"],
    ['{"completion":1}', "`completion` is 1 (a number), not text or a list of messages"],
    ['{"response_a":"a","response_b":"b","winner":{"toString":1}}', "`winner` is an object, not a verdict"],
  ])("%s says what is wrong", (line, problem) => {
    expect(problemOf(line)).toContain(problem);
  });

  test("of any characters throws nothing", () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((all) => Buffer.from(all).toString());
    const broken = fc
      .tuple(rowCases, writings, fc.nat(), fc.nat(3), texts)
      .map(([{ value }, write, place, dropped, added]) => {
        const { source } = write(value);
        const at = place % source.length;
        return source.slice(0, at) + added + source.slice(at + dropped);
      });
    fc.assert(
      fc.property(fc.oneof(bytes, broken, fc.json()), (line) => {
        const region = regionOfLine(line, 0, "a:1");
        if (region && "row" in region)
          for (const { texts } of region.completions)
            for (const { text, at } of texts) expect(at(text.length)).toBeLessThanOrEqual(line.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe("hostile lines", () => {
  const deep = "[".repeat(100_000);
  const closed = deep + "]".repeat(100_000);

  test("of 100,000 brackets are bad rows, or a field that is not read", () => {
    expect(problemOf(deep)).toContain("is not valid JSON");
    expect(problemOf(closed)).toBe("is a list, not an object with fields");
    expect(problemOf(`{"messages":${closed}}`)).toContain("not a message");
    const line = `{"meta":${closed},"chosen":"c","rejected":"r"}`;
    expect(regionOf(line).completions[1]?.texts[0]?.at(1)).toBe(line.length - 2);
  });

  test("of 20 MB are read, whether escapes, quotes or white space", () => {
    const all = '\\n\\"\\\\\\u00e9'.repeat(1_600_000);
    const line = `{"prompt":"p","completion":"${all}"}`;
    const [text] = regionOf(line).completions[0]?.texts ?? [];
    expect(text?.text.length).toBe(6_400_000);
    expect(text?.text.slice(-4)).toBe('\n"\\é');
    expect(text?.at(4_000_003)).toBe(28 + 12_000_006);
    expect(text?.at(6_400_000)).toBe(line.length - 2);
    const blank = " ".repeat(20_000_000);
    expect(regionOf(`{${blank}"completion":"c"}`).completions[0]?.texts[0]?.at(0)).toBe(20_000_015);
  }, 60_000);

  test("with a duplicate member are read by the last", () => {
    const line = '{"chosen":"a","rejected":"a","ch\\u006fsen":"b"}';
    const region = regionOf(line);
    expect(region.row.completions[0]?.completion).toBe("b");
    expect(region.completions[0]?.texts[0]?.at(0)).toBe(line.length - 3);
  });

  test("with built-in names of JavaScript are read", () => {
    const line = '{"__proto__":{"completion":"x"},"constructor":"y","completion":"c"}';
    expect(regionOf(line).row.completions[0]?.completion).toBe("c");
  });
});
