/** Damaged files of every format cause only InputErrors, and rows stay in order. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { jsonLines, parquet, readAll } from "./files/files";

const fixtures = join(import.meta.dirname, "../../../fixtures/datasets");
const folder = mkdtempSync(join(tmpdir(), "dataset-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const turns = (answer: string) => [
  { role: "user", content: "é" },
  { role: "assistant", content: answer },
];
const rows = [
  { prompt: "p", chosen: "c😀", rejected: "r", label: true },
  { chosen: "\n\nHuman: a\n\nAssistant: b", rejected: "\n\nHuman: a\n\nAssistant: c" },
  { chosen: turns("a"), rejected: turns("b") },
  { prompt: "p", completions: ["a", "b"], labels: [true, false] },
  { problem: "p", steps: ["a", "b"], final_answer_correct: false, label: 1 },
  { messages: turns("x"), label: 0 },
  {
    question: { problem: "p" },
    label: { steps: [{ completions: [{ text: "t", rating: 1 }], chosen_completion: 0 }] },
  },
];
const columns = {
  prompt: ["p", "q", "r", "s", "t"],
  completion: ["a", "bé", null, "", "e".repeat(50)],
  label: [true, false, true, null, true],
  n: [1, 2, 3, 4, 5],
};

const valid: Readonly<Record<string, Uint8Array>> = {
  "a.jsonl": Buffer.from(jsonLines(...rows)),
  "a.json": Buffer.from(JSON.stringify(rows, undefined, 1)),
  "b.json": Buffer.from(JSON.stringify({ version: 1, data: rows })),
  "a.csv": Buffer.from('prompt,completion,label\r\n"p, ""q""\r\n",c,1\r\n,"[{""role"": 1}]",\r\n'),
  "a.tsv": Buffer.from("messages\tlabel\n[]\t0\n\nx\t\n"),
  "a.parquet": parquet(columns, { rowGroupSize: [2] }),
  "b.parquet": parquet(columns, { codec: "UNCOMPRESSED" }),
  "c.parquet": readFileSync(join(fixtures, "pairs-zstd.parquet")),
  "d.parquet": readFileSync(join(fixtures, "samples.parquet")),
};

/** A change of bytes at positions relative to their length. */
type Change = (bytes: Buffer) => Buffer;

const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const byte = fc.integer({ min: 0, max: 255 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(at, fc.integer({ min: 0, max: 7 })).map(
    ([place, bit]): Change =>
      (bytes) => {
        const index = Math.floor(place * bytes.length);
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        return bytes;
      },
  ),
  fc.tuple(at, byte).map(
    ([place, value]): Change =>
      (bytes) => {
        bytes[Math.floor(place * bytes.length)] = value;
        return bytes;
      },
  ),
  at.map(
    (place): Change =>
      (bytes) =>
        bytes.subarray(0, Math.floor(place * bytes.length)),
  ),
  fc.tuple(at, at).map(
    ([from, to]): Change =>
      (bytes) => {
        const [start, end] = [from, to]
          .map((place) => Math.floor(place * bytes.length))
          .sort((a, b) => a - b);
        return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
      },
  ),
  fc.tuple(at, fc.uint8Array({ maxLength: 12 })).map(
    ([place, extra]): Change =>
      (bytes) => {
        const index = Math.floor(place * bytes.length);
        return Buffer.concat([bytes.subarray(0, index), extra, bytes.subarray(index)]);
      },
  ),
);
const changes = fc.array(change, { minLength: 1, maxLength: 4 });

function changed(bytes: Uint8Array, all: readonly Change[]): Buffer {
  return all.reduce<Buffer>((result, apply) => apply(result), Buffer.from(bytes));
}

async function survives(name: string, content: Uint8Array, skipRows: number): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const outcome = await readAll(path, { skipRows });
  outcome.rows.forEach(({ row }, i) => {
    expect(row).toBe(skipRows + i);
  });
  if (outcome.fault !== undefined) expect(outcome.fault).toMatch(/^\S+( row \d+)?: [^\n]+$/);
}

/** By default the cases are the same in every run of the test; set these variables for more. */
const runs = Number(process.env.FUZZ_RUNS ?? 60);
const seed = Number(process.env.FUZZ_SEED ?? 1);

describe.each(Object.keys(valid))("%s", (name) => {
  const bytes = valid[name] ?? new Uint8Array();

  test("changed at any byte", async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(3), (all, skip) => survives(name, changed(bytes, all), skip)),
      { numRuns: runs, seed },
    );
  });

  test("changed at any byte before or after compression with gzip", async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.boolean(), (all, isInside) =>
        survives(`${name}.gz`, isInside ? gzipSync(changed(bytes, all)) : changed(gzipSync(bytes), all), 0),
      ),
      { numRuns: runs, seed },
    );
  });

  test("cut at any byte", async () => {
    const step = Math.max(1, Math.floor(bytes.length / runs));
    for (let end = 0; end < bytes.length; end += step) await survives(name, bytes.subarray(0, end), 0);
  });
});

test("random bytes", async () => {
  const name = fc.constantFrom(...Object.keys(valid), ...Object.keys(valid).map((file) => `${file}.gz`));
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .uint8Array({ maxLength: 100 })
      .map((inner) => Buffer.concat([Buffer.from("PAR1"), inner, Buffer.from("PAR1")])),
    fc.json().map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(name, content, (file, bytes) => survives(file, bytes, 0)),
    { numRuns: 2 * runs, seed },
  );
});
