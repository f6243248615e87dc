/** Reads what a field holds: text, conversations, lists, labels. */

import type { ErrorDetail } from "../../../protocol/errors";
import { oneLine, quoted } from "../wording";
import { type Field, isObject } from "./fields";
import type { Message, Text } from "./row";

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
export function textOf({ name, value }: Field, isTable: boolean): Text {
  if (typeof value === "string") return (isTable && messagesInCell(value)) || value;
  if (Array.isArray(value)) return messagesOf({ name, value });
  throw new RowProblem(`\`${name}\` is ${described(value)}, not text or a list of messages`);
}

/** Turns as `{role, content}`, or as ShareGPT's `{from, value}`; at least one. */
export function messagesOf({ name, value }: Field): readonly Message[] {
  const list = listOf({ name, value });
  if (list.length === 0) throw new RowProblem(`\`${name}\` is an empty list`);
  return list.map((item, i) => messageOf(item, `${name}[${i}]`));
}

/** A list, also one that a string holds as JSON. */
export function listOf({ name, value }: Field): readonly unknown[] {
  const list = typeof value === "string" ? parsedList(value) : value;
  if (Array.isArray(list)) return list;
  throw new RowProblem(`\`${name}\` is ${described(value)}, not a list`);
}

export function stringsOf(field: Field): readonly string[] {
  return listOf(field).map((item, i) => {
    if (typeof item === "string") return item;
    throw new RowProblem(`\`${field.name}[${i}]\` is ${described(item)}, not text`);
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

/** undefined: it is no label. */
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
function messagesInCell(text: string): readonly Message[] | undefined {
  if (!/^\s*\[\s*\{/.test(text)) return undefined;
  try {
    return messagesOf({ name: "cell", value: text });
  } catch {
    return undefined;
  }
}

const shareGptRoles: ReadonlyMap<unknown, string> = new Map([
  ["human", "user"],
  ["gpt", "assistant"],
]);

function messageOf(item: unknown, name: string): Message {
  if (!isObject(item)) throw new RowProblem(`\`${name}\` is ${described(item)}, not a message`);
  const role = item.role ?? shareGptRoles.get(item.from) ?? item.from;
  const content = item.content ?? item.value;
  if (typeof role !== "string") {
    throw new RowProblem(`\`${name}\` has no role: its fields are ${quoted(Object.keys(item))}`);
  }
  const calls = item.tool_calls;
  if (Array.isArray(calls) && calls.length > 0) {
    throw new RowProblem(`\`${name}\` calls a tool: such conversations are not read yet`);
  }
  return { role, content: contentOf(content, name) };
}

/** Text, or a list of parts that are all text. */
function contentOf(content: unknown, name: string): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content))
    throw new RowProblem(`the content of \`${name}\` is ${described(content)}, not text`);
  const parts = content.map((part) =>
    isObject(part) && typeof part.text === "string" ? part.text : undefined,
  );
  const texts = parts.filter((part) => part !== undefined);
  if (texts.length < parts.length)
    throw new RowProblem(`the content of \`${name}\` has a part that is not text`);
  return texts.join("");
}
