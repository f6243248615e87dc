/**
 * Shading through edits that change where a completion is written and not what it says: its scores are found again by
 * their key, and its tokens must be where the text is now.
 */

import { describe, expect, test, vi } from "vitest";
import { listedTokens } from "../../../../extension/display/token-list";
import { DocumentRows } from "../../../../extension/editor/documents/document-rows";
import { ScoredDocument, type ScoredText } from "../../../../extension/editor/scores/scored-document";
import type { Completion } from "../../../../extension/engine/data/rows/row";
import type { Outcome } from "../../../../extension/scores/outcome";
import { scored, tokensAt } from "../../../support/scores";
import { EditedDocument } from "../../../support/text-document";

// Offsets are asked for, never ranges of the editor.
vi.mock("vscode", () => ({}));

/** A document that is scored once for every key, as the extension scores it. */
class Shaded {
  readonly edited: EditedDocument;
  readonly #outcomes = new Map<string, Outcome>();
  readonly #scored: ScoredDocument;
  scorings = 0;

  constructor(text: string, fileName: string, hasTemplate = false) {
    this.edited = new EditedDocument(text, { fileName, languageId: "plaintext" });
    const rows = new DocumentRows(this.edited.document, () => hasTemplate);
    this.#scored = new ScoredDocument(rows, (region) => this.#outcomes.get(region.key));
  }

  /** By completion, what the document has at each of its tokens; line ends are `\n`. */
  shaded(): string[][] {
    for (const entry of this.#scored.all()) {
      if (entry.kind !== "waiting") continue;
      const { row, key } = entry.region;
      this.scorings++;
      const texts = row.completions.map(textOf);
      const scores = texts.map((text) => scored({ tokenScores: tokensAt(...words(text)) }));
      this.#outcomes.set(key, { kind: "scored", row: { row: 0, place: row.place, texts, scores } });
    }
    return this.#scored
      .all()
      .flatMap((entry) =>
        entry.kind === "scored" ? entry.completions.map((each) => this.#tokens(each)) : [],
      );
  }

  #tokens(completion: ScoredText): string[] {
    return listedTokens(completion.tokens, completion.text).map((token) => {
      const parts = completion.rangesOf(token).map(({ start, end }) => this.edited.text.slice(start, end));
      return parts.join("").replaceAll("\r\n", "\n");
    });
  }
}

/** A conversation goes through a template; in these cases its answer is one message. */
function textOf({ completion }: Completion): string {
  return typeof completion === "string" ? completion : completion.map(({ content }) => content).join("");
}

function words(text: string): [number, number, number][] {
  return [...text.matchAll(/\s*\S+/g)].map(({ 0: word, index }) => [index, index + word.length, 0]);
}

const line = (n: number): string =>
  JSON.stringify({ prompt: `p${n}`, chosen: `one two${n}`, rejected: `three "${n}"` });
const lines = [1, 2, 3].map(line).join("\n");
const shadedLines = [1, 2, 3].flatMap((n) => [
  ["one", ` two${n}`],
  ["three", ` \\"${n}\\"`],
]);
const chat =
  "## User\n\nTwo and two?\n\n## Assistant\n\nFour.\nSure.\n\n## User\n\nAnd one?\n\n## Assistant\n\nFive it is.\n";
const shadedChat = [
  ["Four.", "\nSure."],
  ["Five", " it", " is."],
];

describe("tokens stay on their words", () => {
  test("when a line of JSON Lines is indented", () => {
    const shaded = new Shaded(lines, "/a.jsonl");
    expect(shaded.shaded()).toEqual(shadedLines);
    const { edited } = shaded;
    edited.edit({ start: 0, end: 0, text: "    " });
    expect(shaded.shaded()).toEqual(shadedLines);
    edited.replace(`\n${line(2)}`, `\n\t${line(2)}  `);
    expect(shaded.shaded()).toEqual(shadedLines);
    expect(shaded.scorings).toBe(3);
  });

  test("when a blank line is put after a chat's heading", () => {
    for (const hasTemplate of [false, true]) {
      const shaded = new Shaded(chat, "/a.md", hasTemplate);
      expect(shaded.shaded()).toEqual(shadedChat);
      shaded.edited.replace("## Assistant\n", "## Assistant\n\n\n");
      expect(shaded.shaded()).toEqual(shadedChat);
      shaded.edited.replace("## User\n", "\n## User\n\n");
      expect(shaded.shaded()).toEqual(shadedChat);
      expect(shaded.scorings).toBe(2);
    }
  });

  test("when the level of its headings is changed", () => {
    const shaded = new Shaded(chat, "/a.md");
    shaded.shaded();
    const starts = [...chat.matchAll(/^## /gm)].map(({ index }) => index);
    shaded.edited.edit(...starts.map((start) => ({ start, end: start, text: "##" })));
    expect(shaded.shaded()).toEqual(shadedChat);
    shaded.edited.rewrite(chat.replaceAll("## ", "# "));
    expect(shaded.shaded()).toEqual(shadedChat);
    expect(shaded.scorings).toBe(2);
  });

  test("when the level of one heading is changed, which is then no turn", () => {
    const shaded = new Shaded(chat, "/a.md");
    shaded.shaded();
    shaded.edited.replace("## User\n\nAnd", "### User\n\nAnd");
    expect(shaded.shaded()).toEqual([
      ["Four.", "\nSure.", "\n\n###", " User", "\n\nAnd", " one?"],
      ["Five", " it", " is."],
    ]);
    shaded.edited.undo();
    expect(shaded.shaded()).toEqual(shadedChat);
  });

  test.each([
    ["JSON Lines", "/a.jsonl", lines, shadedLines],
    ["a chat", "/a.md", chat, shadedChat],
    ["a transcript", "/a.txt", "Human: a\n\nAssistant: one\ntwo\n\nHuman: b\n\nAssistant: three", undefined],
    ["text", "/a.txt", "How many?\nOne two\nthree", undefined],
    [
      "JSON",
      "/a.json",
      JSON.stringify(
        [1, 2, 3].map((n) => JSON.parse(line(n))),
        undefined,
        2,
      ),
      shadedLines,
    ],
    ["CSV", "/a.csv", 'prompt,completion\nq,one two\n"a, b","three ""four"""\n', undefined],
  ])("when the line ends of %s become CR LF, and LF again", (_, fileName, text, expected) => {
    const shaded = new Shaded(text, fileName);
    const before = shaded.shaded();
    expect(before).toEqual(expected ?? before);
    expect(before.flat().length).toBeGreaterThan(2);
    const { scorings } = shaded;
    shaded.edited.rewrite(text.replaceAll("\n", "\r\n"));
    expect(shaded.shaded()).toEqual(before);
    shaded.edited.rewrite(text);
    expect(shaded.shaded()).toEqual(before);
    expect(shaded.scorings).toBe(scorings);
  });

  test("when edits are undone and redone", () => {
    const shaded = new Shaded(lines, "/a.jsonl");
    shaded.shaded();
    const { edited } = shaded;
    edited.edit({ start: 0, end: 0, text: "  " });
    edited.replace("two1", "2");
    edited.edit({ start: 0, end: 1, text: "" });
    const after = [["one", " 2"], ...shadedLines.slice(1)];
    expect(shaded.shaded()).toEqual(after);
    for (let i = 0; i < 3; i++) {
      edited.undo();
      expect(shaded.shaded()).toEqual(i === 0 ? after : shadedLines);
    }
    for (let i = 0; i < 3; i++) {
      edited.redo();
      expect(shaded.shaded()).toEqual(i === 0 ? shadedLines : after);
    }
    expect(shaded.scorings).toBe(4);
  });

  test("when JSON is formatted, and folded again", () => {
    const value = { rows: [1, 2, 3].map((n) => JSON.parse(line(n))) };
    const shaded = new Shaded(JSON.stringify(value), "/a.json");
    expect(shaded.shaded()).toEqual(shadedLines);
    for (const indent of [2, "\t", 8, 0]) {
      shaded.edited.rewrite(JSON.stringify(value, undefined, indent));
      expect(shaded.shaded()).toEqual(shadedLines);
    }
    expect(shaded.scorings).toBe(3);
  });

  test("when several cursors edit at once", () => {
    const shaded = new Shaded(lines, "/a.jsonl");
    shaded.shaded();
    const starts = [...lines.matchAll(/\{/g)].map(({ index }) => index);
    shaded.edited.edit(...starts.map((start) => ({ start, end: start, text: "   " })));
    expect(shaded.shaded()).toEqual(shadedLines);
    const words = [...shaded.edited.text.matchAll(/one/g)].map(({ index }) => index);
    shaded.edited.edit(
      ...words.map((start) => ({ start, end: start + 3, text: 'the "first"'.replaceAll('"', '\\"') })),
    );
    expect(shaded.shaded()).toEqual(
      [1, 2, 3].flatMap((n) => [
        ["the", ' \\"first\\"', ` two${n}`],
        ["three", ` \\"${n}\\"`],
      ]),
    );
  });

  test("when a table's cell is quoted that was not", () => {
    const shaded = new Shaded("prompt,completion\nq,one two\n", "/a.csv");
    expect(shaded.shaded()).toEqual([["one", " two"]]);
    shaded.edited.replace("one two", '"one two"');
    expect(shaded.shaded()).toEqual([["one", " two"]]);
    expect(shaded.scorings).toBe(1);
    shaded.edited.replace("q,", '"q, ""r""",');
    expect(shaded.shaded()).toEqual([["one", " two"]]);
  });
});
