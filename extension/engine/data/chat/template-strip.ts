/**
 * Python's `strip` for chat templates.
 *
 * @huggingface/jinja (0.5.11) ignores the argument of strip(chars), lstrip(chars) and rstrip(chars), rejects
 * trim(chars), and uses JavaScript's definition of whitespace instead of Python's. Each of these renders text
 * differently from transformers, so the calls are replaced with calls of the functions below.
 */
import { Template } from "@huggingface/jinja";

type Program = Template["parsed"];

/** A node of the syntax tree. Its children are in its fields, in arrays, and in the maps of object literals. */
interface Node {
  readonly type: string;
}

interface Identifier extends Node {
  value: string;
}

interface Call extends Node {
  callee: Node;
  args: Node[];
}

interface Member extends Node {
  readonly object: Node;
  readonly property: Node;
  readonly computed: boolean;
}

interface Filter extends Node {
  readonly operand: Node;
  readonly filter: Node;
}

interface KeywordArgument extends Node {
  readonly key: Identifier;
  readonly value: Node;
}

/** Which ends of a string each Python method strips. */
const methods: ReadonlyMap<string, { readonly left: boolean; readonly right: boolean }> = new Map([
  ["strip", { left: true, right: true }],
  ["lstrip", { left: true, right: false }],
  ["rstrip", { left: false, right: true }],
]);

/** Gives a name that no template can contain. */
const nameOf = (method: string): string => `str.${method}`;

/** The variables that a template needs after its calls have been replaced. */
export const stripFunctions: Readonly<Record<string, (text: unknown, chars?: unknown) => string>> =
  Object.fromEntries(
    [...methods].map(([method, ends]) => [
      nameOf(method),
      (text: unknown, chars?: unknown): string => {
        if (typeof text !== "string") throw new Error(`${method} needs a string`);
        if (chars !== undefined && chars !== null && typeof chars !== "string")
          throw new Error(`${method} expects its characters as a string`);
        return strip(text, chars ?? whiteSpace, ends);
      },
    ]),
  );

/** Replaces, in place, every `text.strip(…)`, `text.lstrip(…)`, `text.rstrip(…)` and `text | trim`. */
export function replaceStripCalls(program: Program): void {
  replaceIn(program);
}

/** Every character that Python's str.isspace accepts. */
const whiteSpace =
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" +
  "\u2028\u2029\u202f\u205f\u3000";

function strip(
  text: string,
  chars: string,
  ends: { readonly left: boolean; readonly right: boolean },
): string {
  // Python's characters are code points, and `chars` is a set of them.
  const stripped = new Set(chars);
  const characters = [...text];
  let start = 0;
  let end = characters.length;
  while (ends.left && start < end && stripped.has(characters[start] ?? "")) start++;
  while (ends.right && end > start && stripped.has(characters[end - 1] ?? "")) end--;
  return characters.slice(start, end).join("");
}

function replaceIn(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Map) {
    const entries = [...value].map(([key, child]) => [replaced(key), replaced(child)] as const);
    value.clear();
    for (const [key, child] of entries) value.set(key, child);
    return;
  }
  for (const [key, child] of Object.entries(value)) Reflect.set(value, key, replaced(child));
}

function replaced(value: unknown): unknown {
  replaceIn(value);
  if (isMethodCall(value)) return call(value.callee.property.value, value.callee.object, value.args);
  if (isTrim(value)) {
    const { filter } = value;
    return call("strip", value.operand, isCall(filter) ? filter.args.map(withoutKeyword) : []);
  }
  return value;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function isIdentifier(value: unknown): value is Identifier {
  return isNode(value) && value.type === "Identifier";
}

function isCall(value: unknown): value is Call {
  return isNode(value) && value.type === "CallExpression";
}

function isMethodCall(value: unknown): value is Call & { callee: Member & { property: Identifier } } {
  if (!isCall(value) || value.callee.type !== "MemberExpression") return false;
  const { property, computed } = value.callee as Member;
  return !computed && isIdentifier(property) && methods.has(property.value);
}

function isTrim(value: unknown): value is Filter {
  if (!isNode(value) || value.type !== "FilterExpression") return false;
  const { filter } = value as Filter;
  const name = isCall(filter) ? filter.callee : filter;
  return isIdentifier(name) && name.value === "trim";
}

/** The filter also accepts its characters by keyword: trim(chars="\n"). */
function withoutKeyword(argument: Node): Node {
  if (argument.type !== "KeywordArgumentExpression") return argument;
  const { key, value } = argument as KeywordArgument;
  return key.value === "chars" ? value : argument;
}

/** The library exports no node constructors, so a parsed node is filled in. */
function call(method: string, text: Node, args: readonly Node[]): Node {
  const [node] = new Template("{{ f() }}").parsed.body;
  if (!isCall(node) || !isIdentifier(node.callee)) throw new Error("a call was not parsed as a call");
  node.callee.value = nameOf(method);
  node.args = [text, ...args];
  return node;
}
