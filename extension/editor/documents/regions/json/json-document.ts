/** The rows of a JSON document: items of a list, alone or under a field such as `rows`; or values, one after another. */
import { listNames } from "../../../../engine/data/files/rows-in";
import { type FieldChoice, noFields } from "../field-choice";
import { LineCounter } from "../line-counter";
import type { BadRegion, Region } from "../region";
import { textStart } from "../text-start";
import { endOfValue, JsonNode, skipBlank } from "./json-node";
import { jsonRow } from "./json-row";

/**
 * A row that is not valid is skipped if its end is plain, or if the next begins a line as it does: while a string is
 * being written, its quote is open. Otherwise, the rest of the document is one BadRegion.
 *
 * @param name of the file, for messages
 */
export function jsonRegions(
  text: string,
  name: string,
  fields: FieldChoice = noFields,
): (Region | BadRegion)[] {
  const document = new JsonDocument(text, name, fields);
  document.read(skipBlank(text, textStart(text)));
  return document.regions;
}

/** Whether a document has no row, neither a good one nor a bad one. It is not read further than to the first. */
export function isEmptyJson(text: string): boolean {
  let at = skipBlank(text, textStart(text));
  while (text[at] === "[") {
    const first = skipBlank(text, at + 1);
    if (text[first] !== "]") return false;
    at = skipBlank(text, first + 1);
  }
  return at >= text.length;
}

const mostSearched = 20e6;

class JsonDocument {
  readonly regions: (Region | BadRegion)[] = [];
  readonly #lines: LineCounter;
  #lastLine = 0;
  /** Characters in which the ends of broken rows were sought, each perhaps to the document's end. */
  #searched = 0;

  constructor(
    private readonly text: string,
    private readonly name: string,
    private readonly fields: FieldChoice,
  ) {
    this.#lines = new LineCounter(text);
  }

  read(start: number): void {
    const { text } = this;
    let at = start;
    while (at < text.length) {
      at = skipBlank(text, text[at] === "[" ? this.#readList(at) : this.#readValue(at));
    }
  }

  /** Gives the end of the list. */
  #readList(start: number): number {
    const { text } = this;
    let at = skipBlank(text, start + 1);
    if (text[at] === "]") return at + 1;
    while (at < text.length) {
      if (endOfValue(text, at) === at) return this.#giveUp(at, `unexpected ${JSON.stringify(text[at])}`);
      const row = at;
      const end = this.#addRow(row, endOfValue(text, row));
      at = skipBlank(text, end);
      if (text[at] === "]") return at + 1;
      if (text[at] === ",") at = skipBlank(text, at + 1);
      else if (at < text.length) {
        const next = text[at] === "{" ? at : this.#nextAlike(row, at);
        if (next === undefined) break;
        this.#addFault(end, trimmedEnd(text, end, next), noComma);
        at = next;
      }
    }
    return this.#giveUp(at, at < text.length ? noComma : "the JSON breaks off");
  }

  /** Gives the value's end. */
  #readValue(start: number): number {
    const { text } = this;
    const end = text[start] === "{" ? endOfValue(text, start) : text.length;
    const source = text.slice(start, end);
    const value = parsed(source);
    if (value === undefined) return this.#readBroken(start, end);
    const lists = listsIn(value, source);
    if (!lists) this.#addRow(start, end);
    for (const list of lists ?? []) this.#readList(start + list);
    return end;
  }

  /** Of an object that wraps rows those are read that can be; any other is one bad row. */
  #readBroken(start: number, end: number): number {
    const { text, regions } = this;
    const list = text[start] === "{" ? firstList(text, start) : undefined;
    if (list === undefined) return this.#addRow(start, end);
    const listEnd = this.#readList(list);
    // It must be told that something is wrong, also where it is behind the rows.
    if (!regions.some((region) => "problem" in region))
      this.#giveUp(listEnd, "it goes wrong behind the rows");
    return text.length;
  }

  /** Gives the row's end. */
  #addRow(start: number, end: number): number {
    const { text, name } = this;
    const row = this.regions.length;
    const line = this.#lines.lineAt(start);
    // A line says where to look, unless several rows share it.
    const place = line === this.#lastLine ? `${name} row ${row}` : `${name}:${line}`;
    this.#lastLine = line;
    const region = jsonRow(text.slice(start, end), row, place, this.fields);
    const isBroken = "problem" in region && region.isSyntax === true;
    const next = isBroken && this.#searched < mostSearched ? this.#nextAlike(start, start + 1) : undefined;
    if (isBroken) this.#searched += end - start;
    const last = next === undefined || next > end ? end : trimmedEnd(text, start, next);
    this.regions.push({ ...region, start, end: last });
    return last;
  }

  /** Where, from an offset on, a line begins as the row's own; undefined: there is none, or the row begins no line. */
  #nextAlike(row: number, from: number): number | undefined {
    const { text } = this;
    const lineStart = row === 0 ? 0 : text.lastIndexOf("\n", row - 1) + 1;
    const indent = text.slice(lineStart, row);
    if (skipBlank(indent, 0) < indent.length) return undefined;
    const begin = `\n${indent}{`;
    const found = text.indexOf(begin, from);
    return found < 0 ? undefined : found + begin.length - 1;
  }

  #addFault(start: number, end: number, problem: string): void {
    this.regions.push({ start, end, problem: `is not valid JSON: ${problem}` });
  }

  #giveUp(start: number, problem: string): number {
    const { text } = this;
    this.#addFault(start, text.length, `${problem}; what follows cannot be read`);
    return text.length;
  }
}

const noComma = "a comma or the list's end is missing";

/** Where what stands in [start,end) ends, without its comma and blank space. */
function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).replace(/[\s,]+$/, "").length;
}

/** Where an object's first list of rows begins; undefined: none is found before the object goes wrong. */
function firstList(text: string, start: number): number | undefined {
  let at = skipBlank(text, start + 1);
  while (text[at] === '"') {
    const nameEnd = endOfValue(text, at);
    const value = skipBlank(text, skipBlank(text, nameEnd) + 1);
    const isNamed = listNames.includes(text.slice(at + 1, nameEnd - 1));
    if (isNamed && text[value] === "[" && text[skipBlank(text, value + 1)] === "{") return value;
    const end = skipBlank(text, endOfValue(text, value));
    if (text[end] !== ",") return undefined;
    at = skipBlank(text, end + 1);
  }
  return undefined;
}

/** Where the lists of rows begin in an object that wraps them; undefined: it is no such object. */
function listsIn(value: unknown, source: string): number[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const node = new JsonNode(source, 0);
  const names = Object.entries(value).filter(
    ([name, list]) =>
      listNames.includes(name) && Array.isArray(list) && list.length > 0 && list.every(isObjectOrList),
  );
  const starts = names.flatMap(([name]) => node.member(name)?.start ?? []);
  return starts.length > 0 ? starts : undefined;
}

function isObjectOrList(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** undefined: it is not valid. */
function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
