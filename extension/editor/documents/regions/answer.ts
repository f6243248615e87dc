/** Finds the strings that write one completion, and what stands before it, in the value that holds it. */
import type { Completion, Message, Step } from "../../../engine/data/rows/row";
import { readRecord } from "../../../engine/data/rows/row-formats";
import { wholeNumberOf } from "../../../engine/data/rows/values";
import type { JsonNode, JsonString } from "./json-node";
import type { OffsetRange, PlacedCompletion, PlacedText } from "./region";

export interface PlacedAnswer extends PlacedCompletion {
  /** What of the prompt stands in the same value. */
  readonly prompt: readonly OffsetRange[];
}

/** Strings that say something else than the reading are left out, as where a string holds a list written as JSON. */
export function placeAnswer(node: JsonNode | undefined, completion: Completion): PlacedAnswer {
  const { completion: content, steps } = completion;
  if (!node) return { texts: [], prompt: [] };
  if (typeof content !== "string") return placeTurns(node, content);
  return steps ? { texts: placeSteps(node, content, steps), prompt: [] } : placeText(node, content);
}

/** The completion is the text, or where the prompt stands in the text too, its end. */
function placeText(node: JsonNode, completion: string): PlacedAnswer {
  const string = node.isObject ? sampleText(node) : node.string;
  if (!string?.text.endsWith(completion)) return { texts: [], prompt: [] };
  const from = string.text.length - completion.length;
  return { texts: [placed(string, from)], prompt: from > 0 ? [rangeOf(string, from)] : [] };
}

/** The last turns are the completion, those before them the prompt. */
function placeTurns(node: JsonNode, completion: readonly Message[]): PlacedAnswer {
  const turns = node.items().map(contentOf);
  const first = Math.max(0, turns.length - completion.length);
  const messages = completion.slice(-turns.length);
  const texts = turns.slice(first).flatMap((strings, i) => {
    const isSame = strings.map(({ text }) => text).join("") === messages[i]?.content;
    return isSame ? strings.map((string) => placed(string)) : [];
  });
  return {
    texts,
    prompt: turns.slice(0, first).flatMap((strings) => strings.map((string) => rangeOf(string))),
  };
}

function placeSteps(node: JsonNode, completion: string, steps: readonly Step[]): PlacedText[] {
  const items = node.items();
  return steps.flatMap(({ start, end }, i) => {
    const item = items[i];
    const string = item?.isObject ? takenStep(item) : item?.string;
    return string?.text === completion.slice(start, end) ? [placed(string)] : [];
  });
}

/** PRM800K: the completion that the labeller chose, or wrote. */
function takenStep(step: JsonNode): JsonString | undefined {
  const chosen = step.member("chosen_completion");
  const index = chosen && wholeNumberOf(chosen.scalar);
  const written = step.member("human_completion");
  const taken =
    index === undefined && written?.isObject ? written : step.member("completions")?.items()[index ?? 0];
  return taken?.member("text")?.string;
}

/** The strings of what a field holds, text or turns. */
export function stringsOf(node: JsonNode): readonly JsonString[] {
  return node.string ? [node.string] : node.items().flatMap(contentOf);
}

/** A turn's content: a string, or parts that hold one each. */
function contentOf(turn: JsonNode): readonly JsonString[] {
  const content = present(turn.member("content")) ?? turn.member("value");
  if (content?.string) return [content.string];
  return (content?.items() ?? []).flatMap((part) => part.member("text")?.string ?? []);
}

function present(node: JsonNode | undefined): JsonNode | undefined {
  return node?.isNull ? undefined : node;
}

/** A sample's own text; which member it is, the engine is asked: given names in place of texts, it answers with one. */
function sampleText(node: JsonNode): JsonString | undefined {
  const members = [...node.members].filter(([, member]) => member.string);
  const sample = Object.fromEntries(members.map(([name]) => [name, name]));
  const name = readRecord({ completions: [sample] }, {}, false).completions[0]?.completion;
  return typeof name === "string" ? node.member(name)?.string : undefined;
}

function placed(string: JsonString, from = 0): PlacedText {
  const text = from === 0 ? string.text : string.text.slice(from);
  return { text, at: (offset) => string.at(from + offset) };
}

/** Of the string's first `length` units, or all. */
export function rangeOf(string: JsonString, length?: number): OffsetRange {
  const { start, end } = string;
  return { start: start + 1, end: length === undefined ? end - 1 : string.at(length) };
}
