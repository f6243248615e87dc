/** The rows of a JSON document: items of a list, alone or under a field such as `rows`; or values, one after another. */
import { listNames } from "../../engine/data/json";
import { endOfValue, JsonNode, skipBlank } from "./json-node";
import { regionOfRow } from "./json-row";
import { LineCounter } from "./line-counter";
import type { BadRegion, Region } from "./region";
import { textStart } from "./text-region";

/**
 * A row that is not valid is passed over where its end is plain; else the rest of the document is one BadRegion.
 *
 * @param name of the file, for messages
 */
export function jsonRegions(text: string, name: string): (Region | BadRegion)[] {
  const document = new JsonDocument(text, name);
  document.read(skipBlank(text, textStart(text)));
  return document.regions;
}

class JsonDocument {
  readonly regions: (Region | BadRegion)[] = [];
  readonly #lines: LineCounter;
  #lastLine = 0;

  constructor(
    private readonly text: string,
    private readonly name: string,
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
      const end = endOfValue(text, at);
      if (end === at) return this.#giveUp(at, `unexpected ${JSON.stringify(text[at])}`);
      this.#addRow(at, end);
      at = skipBlank(text, end);
      if (text[at] === "]") return at + 1;
      if (text[at] !== ",") break;
      at = skipBlank(text, at + 1);
    }
    return this.#giveUp(
      at,
      at < text.length ? "a comma or the list's end is missing" : "the JSON breaks off",
    );
  }

  /** Gives the value's end. */
  #readValue(start: number): number {
    const { text } = this;
    const end = text[start] === "{" ? endOfValue(text, start) : text.length;
    const lists = listsIn(text.slice(start, end));
    if (!lists) this.#addRow(start, end);
    for (const list of lists ?? []) this.#readList(start + list);
    return end;
  }

  #addRow(start: number, end: number): void {
    const { text, name } = this;
    const row = this.regions.length;
    const line = this.#lines.lineAt(start);
    // A line says where to look, unless several rows share it.
    const place = line === this.#lastLine ? `${name} row ${row}` : `${name}:${line}`;
    this.#lastLine = line;
    const region = regionOfRow(text.slice(start, end), row, place);
    this.regions.push({ ...region, start, end });
  }

  #giveUp(start: number, problem: string): number {
    const { text } = this;
    this.regions.push({
      start,
      end: text.length,
      problem: `is not valid JSON: ${problem}; what follows cannot be read`,
    });
    return text.length;
  }
}

/** Where the lists of rows begin in an object that wraps them; undefined: it is no such object. */
function listsIn(source: string): number[] | undefined {
  const value = parsed(source);
  if (typeof value !== "object" || value === null) return undefined;
  const node = new JsonNode(source, 0);
  const names = Object.entries(value).filter(
    ([name, list]) =>
      listNames.includes(name) && Array.isArray(list) && list.length > 0 && list.every(isObject),
  );
  const starts = names.flatMap(([name]) => node.member(name)?.start ?? []);
  return starts.length > 0 ? starts : undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
