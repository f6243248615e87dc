/** Reads what a field holds: text, conversations, lists, labels. */

import { oneLine } from "../../../display/one-line";
import type { ErrorDetail } from "../../../protocol/errors";
import { isObject } from "../../json";
import { quoted } from "../wording";
import type { Field } from "./fields";
import { type Sourced, type SourcedMessage, SourcedText } from "./text";

/** What is wrong with one row; becomes a BadRow. */
export class RowProblem extends Error {
  constructor(
    message: string,
    readonly detail?: ErrorDetail,
  ) {
    super(message);
  }
}

/** Text as it is, or the turns of a conversation. `isTable`: a cell may hold the turns as JSON. */
export function textOf(field: Field, isTable: boolean): Sourced {
  const { name, path, value } = field;
  if (typeof value === "string") return (isTable && messagesInCell(field)) || SourcedText.of(value, path);
  if (Array.isArray(value)) return messagesOf(field);
  throw new RowProblem(`\`${name}\` is ${described(value)}, not text or a list of messages`);
}

/** Turns as `{role, content}`, or as ShareGPT's `{from, value}`; at least one. */
export function messagesOf(field: Field): readonly SourcedMessage[] {
  const items = listOf(field);
  if (items.length === 0) throw new RowProblem(`\`${field.name}\` is an empty list`);
  return items.map(messageOf);
}

/** The items of a list, also of one that a string holds as JSON. */
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

/** Gives undefined if it is not a label. */
export function labelOf(value: unknown): boolean | undefined {
  return truths.get(typeof value === "string" ? value.trim().toLowerCase() : value);
}

/** A finite number, also from Parquet's 64-bit integers and from a table's cell. */
export function numberOf(value: unknown): number | undefined {
  const isWritten = typeof value === "bigint" || (typeof value === "string" && value.trim() !== "");
  const number = isWritten ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A whole number, also from Parquet's 64-bit integers and from a table's cell. */
export function wholeNumberOf(value: unknown): number | undefined {
  const number = typeof value === "bigint" || isDigits(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^-?\d{1,15}$/.test(value);
}

/** As `12 (a number)`, for messages. */
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

/** Only a whole conversation counts: text may look like a list. */
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
    throw new RowProblem(`\`${name}\` has no role: its fields are ${quoted(Object.keys(value))}`);
  }
  const calls = value.tool_calls;
  if (Array.isArray(calls) && calls.length > 0) {
    throw new RowProblem(`\`${name}\` calls a tool: such conversations are not read yet`);
  }
  return { role, content: contentOf({ name, path: [...path, key], value: value[key] }) };
}

/** Text, or a list of parts that are all text. */
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
