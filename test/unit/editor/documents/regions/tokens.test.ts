/** From a document to its tokens and back: the engine's rows, and the characters of every token. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alignCompletion } from "../../../../../extension/editor/documents/regions/align";
import { regionsOf } from "../../../../../extension/editor/documents/regions/documents";
import type { Region } from "../../../../../extension/editor/documents/regions/region";
import { Checkpoint } from "../../../../../extension/engine/checkpoint/reading/checkpoint";
import { openDataset } from "../../../../../extension/engine/data/dataset";
import { type Encoder, encodeCompletion } from "../../../../../extension/engine/scoring/encode";
import { openModel } from "../../../../../extension/engine/scoring/reward-model";
import { checkpoint } from "../../../../support/fixture";
import { goodRegions } from "./found";
import { rowCases } from "./rows";
import { texts, writings } from "./written-json";

const folder = mkdtempSync(join(tmpdir(), "tokens-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let encoder: Encoder;
beforeAll(async () => {
  ({ encoder } = await openModel(await Checkpoint.open(checkpoint)));
});

/** `start` and `end` count in the completion's text. */
interface Token {
  readonly start: number;
  readonly end: number;
  /** The document's characters at its ranges. */
  readonly written: string;
}

/** Tokens by completion. */
function tokensOf(document: string, { start, row, completions }: Region): Token[][] {
  return row.completions.map((completion, i) => {
    const encoded = encodeCompletion(encoder, completion, { maxLength: 1e6, chat: false });
    const alignment = alignCompletion(completions[i] ?? { texts: [] }, encoded.text);
    return Array.from(encoded.starts, (from, k) => {
      const to = encoded.ends[k] ?? 0;
      const written = alignment
        .ranges(from, to)
        .map((range) => document.slice(start + range.start, start + range.end));
      return { start: from, end: to, written: written.join("") };
    });
  });
}

describe("a file of JSON Lines, written in any way", () => {
  const broken = fc.constantFrom("[1]", '{"chosen":"a"}', '{"completion":"a",}', '{"completion":1}', "{");
  const lines = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(rowCases, writings).map(([{ value }, write]) => write(value).source) },
    { weight: 1, arbitrary: broken },
    { weight: 1, arbitrary: fc.constantFrom("", " ", "\t\r") },
  );
  const files = fc
    .tuple(fc.boolean(), fc.array(fc.tuple(lines, fc.constantFrom("\n", "\r\n")), { maxLength: 6 }))
    // A lone surrogate that is not escaped cannot be written to a file.
    .map(([isMarked, all]) => `${isMarked ? "\uFEFF" : ""}${all.flat().join("")}`.toWellFormed())
    .filter((text) => /[^\s\uFEFF]/.test(text) && !/^\s*\[/.test(text));

  test("has the engine's rows, and its tokens the characters that write them", async () => {
    const path = join(folder, "rows.jsonl");
    await fc.assert(
      fc.asyncProperty(files, async (text) => {
        writeFileSync(path, text);
        const read = [];
        for await (const row of (await openDataset(path)).rows()) read.push(row);
        const regions = regionsOf("json-lines", text, "rows.jsonl");
        expect(regions.map((each) => ("row" in each ? each.row : each.problem))).toEqual(
          read.map((row) => ("problem" in row ? row.problem : row)),
        );
        for (const region of regions) {
          if ("problem" in region) continue;
          tokensOf(text, region).forEach((tokens, i) => {
            const { completion, steps } = region.row.completions[i] ?? {};
            if (typeof completion !== "string") return;
            // The separator of steps is not in any string of the row.
            const held = steps ?? [{ start: 0, end: completion.length }];
            for (const { start, end, written } of tokens) {
              const own = held.map((each) =>
                completion.slice(Math.max(start, each.start), Math.max(start, Math.min(end, each.end))),
              );
              expect(JSON.parse(`"${written}"`)).toBe(own.join(""));
            }
          });
        }
      }),
      { numRuns: 80, seed: 7 },
    );
  });
});

describe("a Markdown chat through the model's template", () => {
  const said = texts.map((text) => `w${text.replace(/[\r\uFEFF]/g, "")}.`.toWellFormed());
  const labels = fc.constantFrom(
    ["## User\n\n", "## Assistant\n\n"],
    ["**User:** ", "**Assistant:** "],
    ["Human: ", "AI: "],
  );

  test("has messages, and its tokens the characters of their answers", () => {
    fc.assert(
      fc.property(
        labels,
        fc.array(said, { minLength: 2, maxLength: 6 }),
        fc.boolean(),
        (marks, turns, isWindows) => {
          const plain = turns.map((turn, i) => `${marks[i % 2]}${turn}\n\n`).join("");
          fc.pre(!/```|~~~/.test(plain));
          const document = isWindows ? plain.replaceAll("\n", "\r\n") : plain;
          const regions = goodRegions("markdown-chat", document, { asMessages: true });
          expect(regions.length).toBe(Math.floor(turns.length / 2));
          regions.forEach((region, i) => {
            const [completion] = region.row.completions;
            const contents = turns.slice(0, 2 * i + 1);
            expect(completion?.prompt).toEqual(
              contents.map((content, k) => ({ role: k % 2 === 0 ? "user" : "assistant", content })),
            );
            const answer = turns[2 * i + 1];
            expect(completion?.completion).toEqual([{ role: "assistant", content: answer }]);
            const [tokens = []] = tokensOf(document, region);
            // All bytes of a character have its place.
            const apart = tokens.filter(({ start }, k) => start !== tokens[k - 1]?.start);
            const written = apart.map((token) => token.written.replaceAll("\r\n", "\n"));
            expect(written).toEqual(apart.map(({ start, end }) => answer?.slice(start, end)));
            expect(written.join("")).toBe(answer);
            expect(region.taken).toBe("conversation");
          });
        },
      ),
      { numRuns: 100, seed: 7 },
    );
  });
});
