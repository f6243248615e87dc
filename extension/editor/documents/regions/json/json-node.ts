/**
 * Finds values in JSON source. Only requested values are decoded, and nothing recurses, so that rows of 20 MB or with
 * 100,000 brackets can be read. (jsonc-parser recurses, and takes 45 s to decode a string of 10 million escapes.)
 */
import type { WrittenString } from "../locator";
import { mapOfJsonString, type SourceMap } from "../source-map";

/** A value in valid JSON source. */
export class JsonNode {
  #members: ReadonlyMap<string, JsonNode> | undefined;
  #items: readonly JsonNode[] | undefined;

  /** @param start offset of the value's first character, such as the `{` of an object or the `"` of a string */
  constructor(
    private readonly source: string,
    readonly start: number,
  ) {}

  get isObject(): boolean {
    return this.source[this.start] === "{";
  }

  get isList(): boolean {
    return this.source[this.start] === "[";
  }

  /** The value as a string; undefined if it is not a string. */
  get string(): JsonString | undefined {
    const { source, start } = this;
    return source[start] === '"' ? new JsonString(source, start, endOfString(source, start)) : undefined;
  }

  /** Returns a member of an object; the last one if several have the name, as JSON.parse does. */
  member(name: string): JsonNode | undefined {
    this.#members ??= this.#read();
    return this.#members.get(name);
  }

  /** The items of a list; empty for other values. */
  get items(): readonly JsonNode[] {
    this.#items ??= this.#readItems();
    return this.#items;
  }

  #read(): Map<string, JsonNode> {
    const { source } = this;
    const members = new Map<string, JsonNode>();
    let at = this.isObject ? skipBlank(source, this.start + 1) : source.length;
    while (source[at] === '"') {
      const nameEnd = endOfString(source, at);
      const value = skipBlank(source, skipBlank(source, nameEnd) + 1);
      members.set(nameOf(source.slice(at + 1, nameEnd - 1)), new JsonNode(source, value));
      at = nextItem(source, value);
    }
    return members;
  }

  #readItems(): JsonNode[] {
    const { source } = this;
    const items: JsonNode[] = [];
    if (!this.isList) return items;
    let at = skipBlank(source, this.start + 1);
    while (at < source.length && source[at] !== "]") {
      items.push(new JsonNode(source, at));
      at = nextItem(source, at);
    }
    return items;
  }
}

/** A string literal. `start` and `end` include its quotes. */
export class JsonString implements WrittenString {
  #text: string | undefined;
  #map: SourceMap | undefined;

  constructor(
    private readonly source: string,
    readonly start: number,
    readonly end: number,
  ) {}

  get text(): string {
    this.#text ??= String(JSON.parse(this.source.slice(this.start, this.end)));
    return this.#text;
  }

  at(offset: number): number {
    this.#map ??= mapOfJsonString(this.source, this.start + 1, this.end - 1);
    return this.#map.at(offset);
  }
}

export function skipBlank(source: string, from: number): number {
  let at = from;
  while (isBlank(source.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Returns the end of the value at `start`, or the source's length if it has no end. The value need not be valid. */
export function endOfValue(source: string, start: number): number {
  const first = source[start];
  if (first === '"') return endOfString(source, start);
  if (first !== "{" && first !== "[") return search(/[\s,:"[\]{}]/g, source, start);
  const mark = /["[\]{}]/g;
  let depth = 0;
  for (let at = start; at < source.length; at = search(mark, source, at)) {
    const found = source[at];
    if (found === '"') at = endOfString(source, at);
    else {
      depth += found === "{" || found === "[" ? 1 : -1;
      at++;
    }
    if (depth === 0) return at;
  }
  return source.length;
}

function endOfString(source: string, start: number): number {
  let quote = start;
  do {
    quote = source.indexOf('"', quote + 1);
    if (quote < 0) return source.length;
  } while (isEscaped(source, quote));
  return quote + 1;
}

function isEscaped(source: string, at: number): boolean {
  let before = at;
  while (source[before - 1] === "\\") before--;
  return (at - before) % 2 === 1;
}

function nextItem(source: string, value: number): number {
  const end = skipBlank(source, endOfValue(source, value));
  return source[end] === "," ? skipBlank(source, end + 1) : end;
}

function search(mark: RegExp, source: string, from: number): number {
  mark.lastIndex = from;
  return mark.exec(source)?.index ?? source.length;
}

/** @param literal a string literal without its quotes */
function nameOf(literal: string): string {
  return literal.includes("\\") ? String(JSON.parse(`"${literal}"`)) : literal;
}
