/** The rows of a JSON document: items of a list, alone or in a field such as `rows`, or a sequence of values. */
import { listNames } from "../../../../engine/data/files/rows-in";
import { type FieldChoice, noFields } from "../field-choice";
import { LineCounter } from "../line-counter";
import type { BadRegion, Region } from "../region";
import { textStart } from "../text-start";
import { endOfValue, JsonNode, skipBlank } from "./json-node";
import { jsonRow } from "./json-row";

/**
 * Finds the rows of a JSON document. An invalid row becomes a BadRegion of its own if its end is clear, or if a later
 * line begins as it does (while a string is being typed, its quote is open). Otherwise the rest of the document is one
 * BadRegion.
 *
 * @param name name of the file, for messages
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

/** Whether a document has no row, neither readable nor unreadable. Stops at the first row. */
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
  /** Characters searched for the ends of broken rows; each search may reach the document's end. */
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

  /** Returns the end of the list. */
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
    return this.#giveUp(at, at < text.length ? noComma : "the JSON ends too early");
  }

  /** Returns the end of the value. */
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

  /** Reads the rows of a broken object that wraps rows as far as possible; any other broken value is one bad row. */
  #readBroken(start: number, end: number): number {
    const { text, regions } = this;
    const list = text[start] === "{" ? firstList(text, start) : undefined;
    if (list === undefined) return this.#addRow(start, end);
    const listEnd = this.#readList(list);
    // An error after the rows must be reported too.
    if (!regions.some((region) => "problem" in region))
      this.#giveUp(listEnd, "the JSON is not valid after its rows");
    return text.length;
  }

  /** Returns the end of the row. */
  #addRow(start: number, end: number): number {
    const { text, name } = this;
    const row = this.regions.length;
    const line = this.#lines.lineAt(start);
    // A line number identifies the row unless several rows share the line.
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

  /** Finds the next line that begins as the row's does; undefined if there is none, or the row does not begin a line. */
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

/** Returns the end of the text in [start, end) without trailing commas and white space. */
function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).replace(/[\s,]+$/, "").length;
}

/** Finds the start of an object's first list of rows; undefined if there is none before the object becomes invalid. */
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

/** Finds the starts of the lists of rows that an object wraps; undefined if it does not wrap any. */
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

/** Returns undefined if the source is not valid JSON. */
function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
