/** Parses field values: text, conversations, lists and labels. */

import { oneLine } from "../../../display/one-line";
import type { ErrorDetail } from "../../../protocol/errors";
import { isObject } from "../../json";
import { quotedList } from "../wording";
import type { Field } from "./fields";
import { type Sourced, type SourcedMessage, SourcedText } from "./text";

/** A problem of one row, which becomes a BadRow. */
export class RowProblem extends Error {
  constructor(
    message: string,
    readonly detail?: ErrorDetail,
  ) {
    super(message);
  }
}

/** Reads plain text or the turns of a conversation, which may be JSON in a table cell if `isTable`. */
export function textOf(field: Field, isTable: boolean): Sourced {
  const { name, path, value } = field;
  if (typeof value === "string") return (isTable && messagesInCell(field)) || SourcedText.of(value, path);
  if (Array.isArray(value)) return messagesOf(field);
  throw new RowProblem(`\`${name}\` is ${described(value)}, not text or a list of messages`);
}

/** Reads turns written as `{role, content}` or as ShareGPT's `{from, value}`. Throws RowProblem if there are none. */
export function messagesOf(field: Field): readonly SourcedMessage[] {
  const items = listOf(field);
  if (items.length === 0) throw new RowProblem(`\`${field.name}\` is an empty list`);
  return items.map(messageOf);
}

/** Reads the items of a list, which may be JSON in a string. */
export function listOf({ name, path, value }: Field): readonly Field[] {
  const isText = typeof value === "string";
  const list = isText ? parsedList(value) : value;
  if (!Array.isArray(list)) throw new RowProblem(`\`${name}\` is ${described(value)}, not a list`);
  const base = isText ? [...path, null] : path;
  return list.map((item, i) => ({ name: `${name}[${i}]`, path: [...base, i], value: item }));
}

export function stringsOf(field: Field): readonly SourcedText[] {
  return listOf(field).map(({ name, path, value }) => {
    if (typeof value === "string") return SourcedText.of(value, path);
    throw new RowProblem(`\`${name}\` is ${described(value)}, not text`);
  });
}

const truths: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [1, true],
  [1n, true],
  ["true", true],
  ["1", true],
  ["correct", true],
  ["yes", true],
  ["+", true],
  [false, false],
  [0, false],
  [0n, false],
  ["false", false],
  ["0", false],
  ["incorrect", false],
  ["wrong", false],
  ["no", false],
  ["-", false],
]);

/** Reads a label, or returns undefined if the value is not one. */
export function parseLabel(value: unknown): boolean | undefined {
  return truths.get(typeof value === "string" ? value.trim().toLowerCase() : value);
}

/** Reads a finite number, also from a 64-bit Parquet integer or a table cell. */
export function numberOf(value: unknown): number | undefined {
  const isWritten = typeof value === "bigint" || (typeof value === "string" && value.trim() !== "");
  const number = isWritten ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Reads an integer, also from a 64-bit Parquet integer or a table cell. */
export function wholeNumberOf(value: unknown): number | undefined {
  const number = typeof value === "bigint" || isDigits(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^-?\d{1,15}$/.test(value);
}

/** Describes a value in a message, such as `12 (a number)`. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return "missing";
  if (typeof value === "string") return `the text "${oneLine(value.slice(0, 40))}"`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `${String(value)} (a ${typeof value})`;
}

function parsedList(text: string): unknown {
  if (!/^\s*\[/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Accepts only a complete conversation, because plain text may look like a list. */
function messagesInCell(field: Field): readonly SourcedMessage[] | undefined {
  if (typeof field.value !== "string" || !/^\s*\[\s*\{/.test(field.value)) return undefined;
  try {
    return messagesOf(field);
  } catch {
    return undefined;
  }
}

const shareGptRoles: ReadonlyMap<unknown, string> = new Map([
  ["human", "user"],
  ["gpt", "assistant"],
]);

function messageOf({ name, path, value }: Field): SourcedMessage {
  if (!isObject(value)) throw new RowProblem(`\`${name}\` is ${described(value)}, not a message`);
  const role = value.role ?? shareGptRoles.get(value.from) ?? value.from;
  const key = (value.content ?? undefined) === undefined ? "value" : "content";
  if (typeof role !== "string") {
    throw new RowProblem(`\`${name}\` has no role: its fields are ${quotedList(Object.keys(value))}`);
  }
  const calls = value.tool_calls;
  if (Array.isArray(calls) && calls.length > 0) {
    throw new RowProblem(`\`${name}\` calls a tool: conversations with tool calls are not supported`);
  }
  return { role, content: contentOf({ name, path: [...path, key], value: value[key] }) };
}

/** Reads text, or a list of parts that are all text. */
function contentOf({ name, path, value }: Field): SourcedText {
  if (typeof value === "string") return SourcedText.of(value, path);
  if (!Array.isArray(value))
    throw new RowProblem(`the content of \`${name}\` is ${described(value)}, not text`);
  const parts = value.map((part, i) => {
    if (isObject(part) && typeof part.text === "string")
      return SourcedText.of(part.text, [...path, i, "text"]);
    throw new RowProblem(`the content of \`${name}\` has a part that is not text`);
  });
  return SourcedText.join(parts, "");
}
