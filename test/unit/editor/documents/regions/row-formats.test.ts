/**
 * Every row format in every kind of file: the characters found for a completion are the text that is scored.
 * A new format in the list is tested here by its cases, and nowhere else.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignCompletion } from "../../../../../extension/editor/documents/regions/align";
import { regionsOf } from "../../../../../extension/editor/documents/regions/documents";
import type { BadRegion, Region } from "../../../../../extension/editor/documents/regions/region";
import { Fields } from "../../../../../extension/engine/data/fields/fields";
import type { FieldPath } from "../../../../../extension/engine/data/fields/text";
import { RowProblem } from "../../../../../extension/engine/data/fields/values";
import type { Completion } from "../../../../../extension/engine/data/rows/row";
import {
  isKnownName,
  type RowReading,
  readRecord,
  recordOf,
  rowFormats,
} from "../../../../../extension/engine/data/rows/row-formats";
import { formatCases } from "./rows";
import { texts, writings } from "./written-json";
import { writtenTable } from "./written-table";

/** Cases per test: each format has a dozen kinds of rows at most. */
fc.configureGlobal({ numRuns: 40 });

test("every format in the list has a unique name, and cases", () => {
  expect(Object.keys(formatCases)).toEqual(rowFormats.map(({ name }) => name));
});

describe.each(rowFormats.map((format) => [format.name, format] as const))("%s", (name, format) => {
  const cases = formatCases[name] ?? fc.constantFrom();

  test("are detected before any other format detects them", () => {
    fc.assert(
      fc.property(cases, ({ value }) => {
        const fields = new Fields(recordOf(value), {}, false);
        const first = rowFormats.find((each) => each.detect(fields) !== undefined);
        expect(first?.name).toBe(format.name);
      }),
    );
  });

  test("need only fields that are read from Parquet", () => {
    fc.assert(
      fc.property(cases, ({ value }) => {
        const kept = Object.entries(value).filter(([field]) => isKnownName(field));
        expect(readRecord(Object.fromEntries(kept), {}, false)).toEqual(readRecord(value, {}, false));
      }),
    );
  });

  test("name the source of each part of every prompt and completion", () => {
    fc.assert(
      fc.property(cases, ({ value }) => {
        const { completions, sources } = readRecord(value, {}, false);
        expect(sources.length).toBe(completions.length);
        completions.forEach(({ prompt, completion }, i) => {
          for (const [text, pieces = []] of [
            [contentOf(prompt), sources[i]?.prompt],
            [contentOf(completion), sources[i]?.completion],
          ] as const) {
            for (const { path, from, start, end } of pieces)
              expect(stringAt(value, path).slice(from, from + end - start)).toBe(text.slice(start, end));
            // Text outside all pieces joins two of them.
            let rest = text;
            for (const { start, end } of [...pieces].reverse()) rest = rest.slice(0, start) + rest.slice(end);
            expect(rest).toMatch(/^\n*$/);
          }
        });
      }),
    );
  });

  test("are located in JSON Lines, however they are written", () => {
    fc.assert(
      fc.property(cases, writings, ({ value }, write) => {
        const { source } = write(value);
        expectLocated(
          source,
          regionsOf("json-lines", source, "a.jsonl"),
          [readRecord(value, {}, false)],
          decoded,
        );
      }),
    );
  });

  test("are located in JSON that is indented", () => {
    fc.assert(
      fc.property(fc.array(cases, { minLength: 1, maxLength: 3 }), fc.boolean(), (rows, isWindows) => {
        const indented = JSON.stringify({ data: rows.map(({ value }) => value) }, undefined, 2);
        const source = isWindows ? indented.replaceAll("\n", "\r\n") : indented;
        const readings = rows.map(({ value }) => readRecord(value, {}, false));
        expectLocated(source, regionsOf("json", source, "a.json"), readings, decoded);
      }),
    );
  });

  test.each([
    ["CSV", ","],
    ["CSV", ";"],
    ["TSV", "\t"],
  ])("are located in %s with %j between cells", (kind, delimiter) => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.boolean()), ({ value }, dice) => {
        // A table of one column has no delimiter.
        const row = { id: "1", note: "n", ...value };
        const table = writtenTable([row], delimiter, () => dice.next().value);
        const regions = regionsOf("table", table.source, `a.${kind.toLowerCase()}`);
        const cells = Object.entries(row).map(([field, cell]) => [
          field,
          typeof cell === "string" ? cell : JSON.stringify(cell),
        ]);
        const reading = attempt(Object.fromEntries(cells));
        if (typeof reading === "string") {
          expect(regions).toMatchObject([{ problem: expect.stringContaining(reading) }]);
          return;
        }
        expectLocated(table.source, regions, [reading], (_, start, end, layers) =>
          decodedText(table.read(start, end), layers),
        );
      }),
    );
  });
});

test("a conversation that a string or a cell holds as JSON is located through both", () => {
  fc.assert(
    fc.property(texts, texts, fc.boolean(), (question, answer, isPair) => {
      const turns = (content: string): string =>
        JSON.stringify([
          { role: "user", content: question },
          { role: "assistant", content },
        ]);
      const value = isPair
        ? { chosen: turns(answer), rejected: turns(`${answer}!`), id: "1" }
        : { messages: turns(answer), id: "1" };
      if (!isPair) {
        const source = JSON.stringify(value);
        expectLocated(
          source,
          regionsOf("json-lines", source, "a.jsonl"),
          [readRecord(value, {}, false)],
          decoded,
        );
      }
      const table = writtenTable([value], ",", () => false);
      const reading = readRecord(value, {}, true);
      expect(reading.completions[0]?.completion).toEqual([{ role: "assistant", content: answer }]);
      expectLocated(
        table.source,
        regionsOf("table", table.source, "a.csv"),
        [reading],
        (_, start, end, layers) => decodedText(table.read(start, end), layers),
      );
    }),
  );
});

/** Reads characters of a source through `layers` of JSON strings. */
type Decode = (source: string, start: number, end: number, layers: number) => string;

const decoded: Decode = (source, start, end, layers) => decodedText(source.slice(start, end), layers + 1);

function decodedText(text: string, layers: number): string {
  return layers === 0 ? text : decodedText(String(JSON.parse(`"${text}"`)), layers - 1);
}

/** Checks that regions have the engine's rows, and that every unit of each completion is found in its place. */
function expectLocated(
  source: string,
  regions: readonly (Region | BadRegion)[],
  readings: readonly RowReading[],
  decode: Decode,
): void {
  expect(regions.map((region) => ("row" in region ? region.row.completions : region.problem))).toEqual(
    readings.map(({ completions }) => completions),
  );
  for (const [k, region] of regions.entries()) {
    if ("problem" in region) continue;
    const reading = readings[k];
    region.row.completions.forEach((completion, i) => {
      const pieces = reading?.sources[i]?.completion ?? [];
      const placed = region.completions[i]?.texts ?? [];
      const content = contentOf(completion.completion);
      expect(placed.map(({ text, start }) => [text, start])).toEqual(
        pieces.map(({ start, end }) => [content.slice(start, end), start]),
      );
      const layersOf = (piece: number): number =>
        pieces[piece]?.path.filter((step) => step === null).length ?? 0;
      placed.forEach(({ text, at }, piece) => {
        const located = [region.start + at(0), region.start + at(text.length)] as const;
        expect(decode(source, ...located, layersOf(piece))).toBe(text);
      });
      const scored = scoredText(completion);
      const ranges =
        placed.length === 0 ? [] : alignCompletion({ texts: placed }, scored).ranges(0, scored.length);
      const found = ranges.map(({ start, end }) =>
        decode(source, region.start + start, region.start + end, layersOf(0)),
      );
      if (typeof completion.completion === "string" || completion.completion.length === 1)
        expect(found.join("")).toBe(placed.map(({ text }) => text).join(""));
    });
  }
}

/** Text and single messages are scored unchanged; a template adds markup around several messages. */
function scoredText({ completion }: Completion): string {
  return contentOf(completion);
}

function contentOf(text: Completion["prompt"]): string {
  return typeof text === "string" ? text : text.map(({ content }) => content).join("");
}

function stringAt(value: unknown, path: FieldPath): string {
  let at = value;
  for (const step of path) {
    if (step === null) at = JSON.parse(String(at));
    else at = Object.entries(Object(at)).find(([name]) => name === String(step))?.[1];
  }
  if (typeof at !== "string") throw new Error(`no string at ${JSON.stringify(path)}`);
  return at;
}

function attempt(record: unknown): RowReading | string {
  try {
    return readRecord(record, {}, true);
  } catch (error) {
    if (error instanceof RowProblem) return error.message.split(";")[0] ?? "";
    throw error;
  }
}
