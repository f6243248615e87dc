import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openDataset } from "../../../../../extension/engine/data/dataset";
import { fileOf, jsonLines, parquet, problemsOf, readAll } from "./files";

const rows = Array.from({ length: 25 }, (_, i) => ({
  prompt: `Question ${i}, "quoted";\n`,
  chosen: ` Jä ${i} 😀\t`,
  rejected: `no\r\n${i}`,
  note: i,
}));
const csv = (delimiter: string): string => {
  const lines = [
    Object.keys(rows[0] ?? {}),
    ...rows.map((row) => Object.values(row).map((cell) => `"${String(cell).replaceAll('"', '""')}"`)),
  ];
  return `${lines.map((cells) => cells.join(delimiter)).join("\r\n")}\r\n`;
};
const columnOf = (name: "prompt" | "chosen" | "rejected" | "note"): unknown[] => rows.map((row) => row[name]);
const table = parquet({
  note: columnOf("note"),
  prompt: columnOf("prompt"),
  chosen: columnOf("chosen"),
  rejected: columnOf("rejected"),
});

const files: readonly (readonly [string, string | Uint8Array])[] = [
  ["pairs.jsonl", jsonLines(...rows)],
  ["pairs.jsonl", `\ufeff\r\n${jsonLines(...rows).replaceAll("\n", "\r\n\r\n")}`],
  ["pairs.ndjson", jsonLines(...rows).trimEnd()],
  ["pairs.json", jsonLines(...rows)],
  ["pairs.txt", jsonLines(...rows)],
  ["pairs.json", JSON.stringify(rows)],
  ["pairs.jsonl", JSON.stringify(rows)],
  ["pairs.json", `\ufeff${JSON.stringify(rows, undefined, 2)}`],
  ["pairs.json", JSON.stringify({ version: "1", data: rows })],
  ["pairs.json", JSON.stringify({ meta: { data: [1], rows: 2 }, train: rows, z: 1 }, undefined, 2)],
  ["pairs.json", JSON.stringify({ rows: rows.map((row, i) => ({ row_idx: i, row })) })],
  ["pairs.csv", csv(",")],
  ["pairs.csv", csv(";")],
  ["pairs.csv", `\ufeff${csv(",").replace("\r\n", "\r\n\r\n")}`],
  ["pairs.tsv", csv("\t")],
  ["pairs.parquet", table],
  ["pairs.bin", table],
];
const each = files.flatMap(([name, content]) => [[name, content] as const, [`${name}.gz`, content] as const]);

describe("every format, plain and gzipped", () => {
  test.each(each.map(([name, content], i) => [name, i, content] as const))(
    "%s (%i) gives the same rows",
    async (name, _, content) => {
      const path = fileOf(name, content);
      const { rowFormat, rows: read, fault } = await readAll(path);
      expect(fault).toBeUndefined();
      expect(rowFormat).toBe("preference pairs (prompt, chosen, rejected)");
      expect(read.map(({ row }) => row)).toEqual(rows.map((_, i) => i));
      expect(read.map((row) => ("completions" in row ? row.completions : row))).toEqual(
        rows.map(({ prompt, chosen, rejected }) => [
          { role: "chosen", prompt, completion: chosen },
          { role: "rejected", prompt, completion: rejected },
        ]),
      );
      // Rows of a part keep their numbers.
      const part = await readAll(path, { skipRows: 3, limit: 4 });
      expect(part.rows).toEqual(read.slice(3, 7));
      expect((await readAll(path, { skipRows: 99 })).rows).toEqual([]);
      expect((await readAll(path, { limit: 0 })).rows).toEqual([]);
    },
  );

  test.each([-2, -1, 0, 1])("JSON keeps U+FEFF in texts, also at byte 2^20 + %d", async (shift) => {
    const start = '[{"text":"';
    const long = `${"x".repeat(2 ** 20 - start.length + shift)}\uFEFF\uFEFFé\uFEFF\n\uFEFF`;
    const texts = [long, "\uFEFFa\uFEFF", "\uFEFF", "é\uFEFF\\\uFEFF"];
    const written = JSON.stringify(texts.map((text) => ({ text }))).replace("a\uFEFF", "a\\uFEFF");
    const path = fileOf("a.json", `\uFEFF${written}`);
    const read = (await readAll(path)).rows.map(
      (row) => "completions" in row && row.completions[0]?.completion,
    );
    expect(read.map((text, i) => text === texts[i])).toEqual(texts.map(() => true));
  });

  test("a JSON file may contain one row on several lines", async () => {
    const path = fileOf("a.json", JSON.stringify(rows[0], undefined, 2));
    const { rowFormat, rows: read } = await readAll(path);
    expect(rowFormat).toBe("preference pairs (prompt, chosen, rejected)");
    expect(read.map(({ place }) => place)).toEqual(["a.json:1"]);
  });

  test("a gzip file may have several members", async () => {
    const path = fileOf("a.jsonl", Buffer.concat(rows.map((row) => gzipSync(jsonLines(row)))));
    expect((await readAll(path)).rows.length).toBe(rows.length);
  });

  test("rows can be read again, and progress is reported", async () => {
    const dataset = await openDataset(fileOf("pairs.jsonl", jsonLines(...rows)), { limit: 10 });
    expect(dataset.fraction).toBe(0);
    for (let pass = 0; pass < 2; pass++) {
      let count = 0;
      for await (const { row } of dataset.rows()) expect(row).toBe(count++);
      expect(count).toBe(10);
      expect(dataset.fraction).toBe(1);
    }
  });
});

describe("places", () => {
  const bad = { prompt: "p", chosen: 1, rejected: "r" };

  test("are lines in JSONL, blank ones counted", async () => {
    const good = JSON.stringify(rows[0]);
    const outcome = await readAll(fileOf("a.jsonl", `\n${good}\n \r\n{"a\n${JSON.stringify(bad)}`));
    expect(outcome.rows.map(({ row, place }) => [row, place])).toEqual([
      [0, "a.jsonl:2"],
      [1, "a.jsonl:4"],
      [2, "a.jsonl:5"],
    ]);
    expect(problemsOf(outcome)).toEqual([
      "a.jsonl:4: is not valid JSON: Unterminated string at column 4",
      "a.jsonl:5: `chosen` is 1 (a number), not text or a list of messages",
    ]);
  });

  test("are lines in JSON if each row has its own line, and otherwise row numbers", async () => {
    const text = `[\n  {"text": "a"},\n\n  {"text":\n 1}, {"x": 1},\n5]`;
    const outcome = await readAll(fileOf("a.json", text));
    expect(outcome.rows.map(({ place }) => place)).toEqual(["a.json:2", "a.json:4", "a.json:5", "a.json:6"]);
    const flat = await readAll(fileOf("a.json.gz", JSON.stringify([{ text: "a" }, { text: "b" }])));
    expect(flat.rows.map(({ place }) => place)).toEqual(["a.json.gz:1", "a.json.gz row 1"]);
  });

  test("are the first lines of a table's records", async () => {
    const text = 'text,x\n"a\nb",1\n\nc\nd,2\n';
    const outcome = await readAll(fileOf("a.csv", text));
    expect(outcome.rows.map(({ row, place }) => [row, place])).toEqual([
      [0, "a.csv:2"],
      [1, "a.csv:5"],
      [2, "a.csv:6"],
    ]);
    expect(problemsOf(outcome)).toEqual(["a.csv:5: has 1 cells, but the header has 2"]);
  });

  test("are row numbers in Parquet", async () => {
    const file = fileOf("a.parquet", parquet({ text: ["a", null], note: ["x", "y"] }));
    expect(problemsOf(await readAll(file))).toEqual(["a.parquet row 1: has no answer: `text` is null"]);
  });
});

describe("table cells", () => {
  test("may contain conversations and lists as JSON, and are text otherwise", async () => {
    const quoted = (value: unknown): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
    const turns = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ];
    const messages = await readAll(fileOf("a.csv", `id,messages\n1,${quoted(turns)}\n`));
    expect(messages.rows[0]).toMatchObject({ completions: [{ completion: [turns[1]] }] });
    const pair = await readAll(
      fileOf(
        "a.tsv",
        `prompt\tchosen\trejected\n${quoted(turns.slice(0, 1))}\t${quoted(turns)}\t${quoted(turns)}\np\t[1]\t"[{""a"": 1}]"\n`,
      ),
    );
    expect(pair.rows[0]).toMatchObject({ completions: [{ prompt: [turns[0]] }, {}] });
    expect(pair.rows[1]).toMatchObject({
      completions: [{ completion: "[1]" }, { completion: '[{"a": 1}]' }],
    });
    const samples = await readAll(fileOf("a.csv", `prompt,samples,label\np,${quoted(["x", "y"])},\n`));
    expect(samples.rows[0]).toMatchObject({ completions: [{ completion: "x" }, { completion: "y" }] });
    const labels = await readAll(fileOf("a.csv", "text,label\na,1\nb,False\nc,\n"));
    expect(labels.rows).toMatchObject([
      { completions: [{ label: true }] },
      { completions: [{ label: false }] },
      { completions: [{ completion: "c" }] },
    ]);
  });
});

describe("mixed files", () => {
  test("have each row read in its own format", async () => {
    const path = fileOf("a.jsonl", jsonLines({ text: "a" }, { prompt: "p", chosen: "c", rejected: "r" }, 3));
    const { rowFormat, rows: read } = await readAll(path);
    expect(rowFormat).toBe("single completions (text)");
    expect(read).toMatchObject([
      { completions: [{ role: "completion" }] },
      { completions: [{ role: "chosen" }, { role: "rejected" }] },
      { problem: "is 3 (a number), not an object with fields" },
    ]);
  });

  test("show the row format of the first readable row", async () => {
    const path = fileOf("a.jsonl", jsonLines(3, { x: 1 }, { text: "a" }));
    expect((await openDataset(path)).rowFormat).toBe("single completions (text)");
    expect((await openDataset(fileOf("a.jsonl", "3\n"))).rowFormat).toBeUndefined();
    expect((await openDataset(fileOf("a.json", "[]"))).rowFormat).toBeUndefined();
    expect((await openDataset(fileOf("a.csv", "text,label\n"))).rowFormat).toBeUndefined();
  });
});

describe("errors", () => {
  const one = JSON.stringify(rows[0]);
  const gzip = gzipSync(Buffer.concat([Buffer.from(jsonLines(...rows)), randomText(200_000)]), { level: 0 });
  const cases: readonly (readonly [string, string | Uint8Array, number, string])[] = [
    ["a.jsonl", "", 0, "a.jsonl: is empty"],
    ["a.jsonl", " \n\n", 0, "a.jsonl: is empty"],
    ["a.csv.gz", "", 0, "a.csv.gz: is empty"],
    [
      "a.xyz",
      "hello",
      0,
      "a.xyz: has an unknown format: datasets are JSONL, JSON, Parquet, CSV or TSV, plain or gzipped",
    ],
    [
      "a.parquet",
      "hello",
      0,
      "a.parquet: is not Parquet: a Parquet file starts with PAR1. Copy or download it again",
    ],
    [
      "a.jsonl",
      Buffer.from(`\ufeff${one}`, "utf16le"),
      0,
      "a.jsonl: is UTF-16 text: use UTF-8 text or Parquet, plain or gzipped",
    ],
    [
      "a.json",
      `[${one},\n${one},\n${one} ${one}]`,
      3,
      'a.json:3: is not valid JSON: unexpected "{"; the rest of the file cannot be read',
    ],
    [
      "a.json",
      `[${one},\n{"prompt": tru}]`,
      1,
      'a.json:2: is not valid JSON: unexpected "}"; the rest of the file cannot be read',
    ],
    [
      "a.json",
      `[${one},\n${one.slice(0, 20)}`,
      1,
      "a.json:2: the JSON is incomplete: copy or download the file again",
    ],
    ["a.csv", `text,x\na,1\n"b,2\nc,3\n`, 1, "a.csv:3: has a quote that is never closed"],
    ["a.csv", "text,text\na,1\n", 0, "a.csv:1: the header contains `text` twice"],
    [
      "a.csv",
      Buffer.from("t\xe9xt,x\na,1\n", "latin1"),
      0,
      "a.csv:1: the header is not UTF-8 text: save the table as UTF-8",
    ],
    [
      "a.jsonl",
      gzip.subarray(0, gzip.length - 60_000),
      25,
      "a.jsonl: its gzip data is truncated: copy or download it again",
    ],
    [
      "a.parquet",
      table.subarray(0, table.length - 5),
      0,
      "a.parquet: the Parquet data is damaged or not supported (parquet file invalid (footer != PAR1))",
    ],
  ];

  test.each(cases)("%s: case %#", async (name, content, count, fault) => {
    const outcome = await readAll(fileOf(name, content));
    expect(outcome.fault).toBe(fault);
    expect(outcome.rows.length).toBe(count);
  });

  test("invalid UTF-8 is a bad row", async () => {
    const line = Buffer.from('{"text": "\xe9"}\n', "latin1");
    const outcome = await readAll(fileOf("a.jsonl", Buffer.concat([line, Buffer.from('{"text": "é"}\n')])));
    expect(problemsOf(outcome)).toEqual(["a.jsonl:1: is not UTF-8 text"]);
    expect(outcome.rows.length).toBe(2);
    const cells = await readAll(fileOf("a.csv", Buffer.from("text\n\xe9\nb\n", "latin1")));
    expect(problemsOf(cells)).toEqual(["a.csv:2: is not UTF-8 text"]);
  });

  test("a line that is too long is a bad row", async () => {
    const long = Buffer.alloc(65 * 2 ** 20, "x");
    const outcome = await readAll(fileOf("a.jsonl", Buffer.concat([long, Buffer.from(`\n${one}\n`)])));
    expect(problemsOf(outcome)).toEqual(["a.jsonl:1: is longer than 64 MiB"]);
    expect(outcome.rows.length).toBe(2);
  });

  test("a damaged page is reported after the rows before it", async () => {
    const text = parquet({ text: columnOf("prompt") }, { rowGroupSize: [10], codec: "UNCOMPRESSED" });
    // The length of a string in the second row group.
    const at = Buffer.from(text).indexOf("Question 12,");
    text.fill(0x7f, at - 4, at);
    const outcome = await readAll(fileOf("a.parquet", text));
    expect(outcome.fault).toMatch(/^a\.parquet row 10: the Parquet data is damaged or not supported/);
    expect(outcome.rows.length).toBe(10);
  });

  test("an unreadable file is reported by name", async () => {
    const path = fileOf("a.jsonl", one);
    expect((await readAll(`${path}x`)).fault).toBe("a.jsonlx: there is no such file");
    expect((await readAll(`${path}/x`)).fault).toBe("x: there is no such file");
    const folder = `${dirname(path)}/data`;
    mkdirSync(folder);
    expect((await readAll(folder)).fault).toBe("data: is a folder: name a file in it");
    const dataset = await openDataset(path);
    writeFileSync(path, "");
    for await (const row of dataset.rows()) expect(row).toBe("none, once the file is emptied");
  });

  test("a named field that is missing lists the existing ones", async () => {
    const path = fileOf("a.jsonl", jsonLines(rows[0], { query: "q", text: "t" }));
    expect((await readAll(path, { fields: { prompt: "query" } })).fault).toBe(
      "a.jsonl:1: has no field `query`, which was named as prompt: its fields are `prompt`, `chosen`, `rejected` and `note`",
    );
    const table = fileOf("a.parquet", parquet({ a: ["x"], b: ["y"] }));
    expect((await readAll(table, { fields: { completion: "c" } })).fault).toBe(
      "a.parquet row 0: has no field `c`, which was named as completion: its fields are `a` and `b`",
    );
    expect((await readAll(table, { fields: { completion: "b" } })).rows).toMatchObject([
      { completions: [{ completion: "y" }] },
    ]);
    const unknown: object = { promt: "a" };
    expect((await readAll(path, { fields: unknown })).fault).toMatch(
      /^fields: there is no role `promt`: roles are `prompt`, `chosen`/,
    );
  });
});

function randomText(length: number): Buffer {
  return Buffer.from(JSON.stringify({ text: "x".repeat(length) }));
}

describe("text of any kind", () => {
  const anyText = fc.string({ unit: "binary", maxLength: 30 });
  const loneSurrogates = fc
    .array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 8 })
    .map((codes) => String.fromCharCode(...codes));
  const row = fc.record({ prompt: fc.oneof(anyText, loneSurrogates), completion: anyText });

  test("is read unchanged from JSONL and JSON", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (written, isList) => {
          // JSON.stringify escapes lone surrogates.
          const path = fileOf("a.json", isList ? JSON.stringify(written) : jsonLines(...written));
          const { rows: read } = await readAll(path);
          expect(read.map((row) => ("completions" in row ? row.completions : row))).toEqual(
            written.map((row) => [{ role: "completion", ...row }]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
