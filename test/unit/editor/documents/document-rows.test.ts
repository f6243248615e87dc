/** The rows of a document while it is edited, and the parts that are not read. */
import { describe, expect, test } from "vitest";
import { DocumentRows } from "../../../../extension/editor/documents/document-rows";
import { addressOf } from "../../../../extension/editor/documents/part-address";
import { type FieldChoice, fieldChoice } from "../../../../extension/editor/documents/regions/field-choice";
import type { Region } from "../../../../extension/editor/documents/regions/region";
import { type DocumentParts, EditedDocument } from "../../../support/text-document";

const row = JSON.stringify({ prompt: "a", completion: "b" });

function rowsOf(text: string, parts: DocumentParts = {}): DocumentRows {
  return new DocumentRows(new EditedDocument(text, parts).document);
}

function all(rows: DocumentRows): ReturnType<DocumentRows["between"]> {
  return rows.between(0, rows.document.lineCount - 1);
}

const places = (rows: DocumentRows): unknown[] =>
  all(rows).map((region) => ("row" in region ? [region.row.row, region.row.place] : region.problem));

const completions = (rows: DocumentRows): unknown[] =>
  all(rows).map((region) => ("row" in region ? region.row.completions[0]?.completion : region.problem));

describe("rows", () => {
  test("are named by their lines", () => {
    expect(places(rowsOf(`${row}\n\n${row}`))).toEqual([
      [0, "rows.jsonl:1"],
      [2, "rows.jsonl:3"],
    ]);
  });

  test("of a part are named as in the whole file", () => {
    const address = { path: "/data/rows.jsonl", index: 1, line: 5000, stamp: "" };
    const uri = addressOf(address, 3);
    expect(places(rowsOf(`${row}\n\n${row}`, { uri, fileName: uri.path, languageId: "jsonl" }))).toEqual([
      [5000, "rows.jsonl:5001"],
      [5002, "rows.jsonl:5003"],
    ]);
  });

  test("of a table are those that have a line in the range", () => {
    const rows = rowsOf('prompt,completion\na,"b\nc"\nd,e\nf,g', { fileName: "/a.csv" });
    const between = (from: number, to: number): unknown[] =>
      rows.between(from, to).map((region) => ("row" in region ? region.row.row : region.problem));
    expect([between(0, 0), between(1, 1), between(2, 2), between(2, 3), between(4, 9)]).toEqual([
      [],
      [0],
      [0],
      [0, 1],
      [2],
    ]);
  });
});

describe("a document without a telling name or language", () => {
  const untitled = { fileName: "Untitled-1", languageId: "plaintext" };

  test.each([
    ["JSON Lines", `${row}\n${row}\n`, ["b", "b"]],
    ["JSON", JSON.stringify([{ prompt: "a", completion: "b" }], undefined, 2), ["b"]],
    [
      "JSON with rows in it",
      JSON.stringify({ data: [{ prompt: "a", completion: "b" }] }, undefined, 2),
      ["b"],
    ],
    ["CSV", 'prompt,completion\na,"b, c"\n', ["b, c"]],
    ["TSV", "chosen\trejected\tprompt\nb\tc\ta\n", ["b"]],
    ["prose in braces", "{name} is a template. {row}", ["{name} is a template. {row}"]],
    ["prose in brackets", "[1] A note, an answer\nb, c", ["[1] A note, an answer\nb, c"]],
    [
      "prose with commas",
      "First the text, then the answer.\nOne, two.",
      ["First the text, then the answer.\nOne, two."],
    ],
    ["a question", "How many?\nTwo.", ["Two."]],
  ])("is read as %s", (_, text, expected) => {
    expect(completions(rowsOf(text, untitled))).toEqual(expected);
  });

  test("is source code or Markdown by its language, whatever its text", () => {
    expect(rowsOf(row, { fileName: "a.py", languageId: "python" }).kind).toBe("text");
    expect(rowsOf(row, { fileName: "a.md", languageId: "markdown" }).kind).toBe("text");
  });

  test("follows edits, and stays a dataset while a row is being written", () => {
    const edited = new EditedDocument("", untitled);
    const rows = new DocumentRows(edited.document);
    expect([rows.kind, rows.isEmpty]).toEqual(["text", true]);
    edited.rewrite(`${row}\n`);
    expect([rows.kind, completions(rows)]).toEqual(["json-lines", ["b"]]);
    edited.rewrite('{"');
    expect(rows.kind).toBe("json-lines");
    edited.rewrite(`[${row}]`);
    expect(rows.kind).toBe("json");
    edited.rewrite("prompt,completion\na,b");
    expect([rows.kind, completions(rows)]).toEqual(["table", ["b"]]);
    edited.rewrite("prompt,completion\n");
    expect(rows.kind).toBe("table");
    edited.rewrite("How many?\nTwo.");
    expect([rows.kind, completions(rows)]).toEqual(["text", ["Two."]]);
  });
});

describe("the fields that the user named", () => {
  const question = JSON.stringify({ q: "a", meta: { best: "b" }, text: "c" });

  test("are read in every kind of dataset, as the command line reads them", () => {
    let fields: FieldChoice = fieldChoice({});
    const rows = new DocumentRows(new EditedDocument(question).document, undefined, () => fields);
    expect(completions(rows)).toEqual(["c"]);
    fields = fieldChoice({ prompt: "q", completion: "meta.best" });
    const [named] = all(rows);
    expect((named as Region).row.completions).toEqual([{ role: "completion", prompt: "a", completion: "b" }]);
    const [text] = (named as Region).completions[0]?.texts ?? [];
    expect(question.slice(text?.at(0), text?.at(1))).toBe("b");
    const table = new DocumentRows(
      new EditedDocument("q,a\nb,c", { fileName: "a.csv" }).document,
      undefined,
      () => fieldChoice({ completion: "a" }),
    );
    expect(completions(table)).toEqual(["c"]);
  });

  test("are part of the rows' keys", () => {
    const key = (setting: unknown): string => {
      const fields = fieldChoice(setting);
      const [region] = all(new DocumentRows(new EditedDocument(question).document, undefined, () => fields));
      return region && "key" in region ? region.key : "";
    };
    expect(key({})).toBe(key(undefined));
    expect(key({ completion: "meta.best" })).not.toBe(key({}));
  });

  test.each([
    [
      { completion: "x" },
      "has no field `x`, which the setting rewardInspector.fields names as completion: its fields are `q`, `meta` and `text`",
    ],
    [
      { answer: "q" },
      /^the setting rewardInspector.fields is wrong: there is no role `answer`: roles are `prompt`, /,
    ],
    [
      { prompt: 4 },
      'the setting rewardInspector.fields must name a field for prompt, for example {"prompt": "answer"}',
    ],
    [
      "completion=q",
      'the setting rewardInspector.fields is not an object; write, for example, {"completion": "answer"}',
    ],
  ])("%j are a problem of the row", (setting, problem) => {
    const fields = fieldChoice(setting);
    const rows = new DocumentRows(new EditedDocument(question).document, undefined, () => fields);
    expect(completions(rows)).toEqual([
      typeof problem === "string" ? problem : expect.stringMatching(problem),
    ]);
  });

  test("are suggested if no answer is found", () => {
    expect(completions(rowsOf(JSON.stringify({ q: "a", a: "b", n: 1 })))).toEqual([
      'has no answer under a known name: its fields are `q`, `a` and `n`; name them in the setting rewardInspector.fields, as in {"prompt":"q","completion":"a"}',
    ]);
  });
});

describe("whether there is a row", () => {
  test.each([
    ["/a.jsonl", "", true],
    ["/a.jsonl", "\uFEFF\n \t\n", true],
    ["/a.jsonl", "\n\n{", false],
    ["/a.json", " [ ] \n", true],
    ["/a.json", "[", false],
    ["/a.json", "[] {}", false],
    ["/a.json", `[${row}]`, false],
    ["/a.csv", "prompt,completion\n", true],
    ["/a.csv", "prompt,completion\na,b", false],
    ["/a.md", " \n", true],
    ["/a.md", "text", false],
    ["/a.md", "Human: a\n\nAssistant:", true],
  ])("of %s with %j: %s", (fileName, text, isEmpty) => {
    const rows = rowsOf(text, { fileName });
    expect(rows.isEmpty).toBe(isEmpty);
    expect(all(rows).length === 0).toBe(isEmpty);
  });

  test("is found from the lines up to the first row, and keeps cached rows", () => {
    const { document } = new EditedDocument(`\n${row}\n${row.repeat(3)}`);
    const asked: number[] = [];
    const watched = new Proxy(document, {
      get: (target, name) =>
        name === "lineAt"
          ? (line: number) => {
              asked.push(line);
              return target.lineAt(line);
            }
          : Reflect.get(target, name),
    });
    const rows = new DocumentRows(watched);
    const [first] = rows.between(1, 1);
    expect(rows.kind).toBe("json-lines");
    asked.length = 0;
    expect(rows.isEmpty).toBe(false);
    expect(asked).toEqual([0, 1]);
    const [again] = rows.between(1, 1);
    expect(
      first && "row" in first && again && "row" in again && first.completions === again.completions,
    ).toBe(true);
  });
});
