/** One row of JSON as a region: read by the engine, its texts then found in the source. */

import { jsonProblem } from "../../../engine/data/files/jsonl";
import { Fields, type JsonObject } from "../../../engine/data/rows/fields";
import type { Reading } from "../../../engine/data/rows/row-format";
import { readRecord, recordOf } from "../../../engine/data/rows/row-formats";
import { messageOf } from "../../../engine/errors";
import { placeAnswer, rangeOf, stringsOf } from "./answer";
import { JsonNode, skipBlank } from "./json-node";
import { keyOf } from "./key";
import type { BadRegion, OffsetRange, Region } from "./region";
import { textStart } from "./text-region";

/**
 * @param source of the row alone; the region starts at 0 and ends with it
 * @param row 0-based position in the dataset
 * @param place where it stands, for messages: `pairs.jsonl:12`
 */
export function regionOfRow(source: string, row: number, place: string): Region | BadRegion {
  const bounds = { start: 0, end: source.length };
  const from = textStart(source);
  let value: unknown;
  try {
    value = JSON.parse(source.slice(from));
  } catch (error) {
    return { ...bounds, problem: `is not valid JSON: ${syntaxProblem(error, source)}`, isSyntax: true };
  }
  try {
    const { values, ...reading } = readRecord(value, {}, false);
    const node = new JsonNode(source, skipBlank(source, from));
    return {
      ...bounds,
      key: keyOf("json", source.slice(from).trim()),
      row: { row, place, completions: reading.completions, ...values },
      ...placeReading(node, value, reading),
    };
  } catch (error) {
    return { ...bounds, problem: messageOf(error) };
  }
}

/** A column says where to look in a row that is one line. */
function syntaxProblem(error: unknown, source: string): string {
  const problem = jsonProblem(error);
  if (!source.includes("\n")) return problem;
  return problem.replace(/ at column (\d+)$/, (_, column) => {
    const line = source.slice(0, Number(column)).split("\n").length;
    return ` in its line ${line}`;
  });
}

function placeReading(
  node: JsonNode,
  value: unknown,
  reading: Reading,
): Pick<Region, "completions" | "prompt"> {
  const record = recordOf(value);
  const recordNode = record === value ? node : node.member("row");
  const fields = new Fields(record, {}, false);
  const find = (name: string): JsonNode | undefined => recordNode && findField(recordNode, name);
  const isPrompt = promptTest(fields);
  const homes = answerNodes(
    fields,
    reading,
    reading.used.filter((name) => !isPrompt(name)),
    find,
  );
  const answers = reading.completions.map((completion, i) => placeAnswer(homes[i], completion));
  const prompts = reading.used.filter(isPrompt).flatMap((name) => {
    const prompt = find(name);
    return prompt ? stringsOf(prompt).map((string) => rangeOf(string)) : [];
  });
  return {
    completions: answers.map(({ texts }) => ({ texts })),
    prompt: distinct([...prompts, ...answers.flatMap(({ prompt }) => prompt)]),
  };
}

/** As the engine looks it up: a dot leads into an object. */
function findField(node: JsonNode, name: string): JsonNode | undefined {
  const member = node.member(name);
  const dot = name.indexOf(".");
  if (member || dot < 0) return member;
  const outer = node.member(name.slice(0, dot));
  return outer && findField(outer, name.slice(dot + 1));
}

function promptTest(fields: Fields): (name: string) => boolean {
  const prompt = fields.find("prompt")?.name;
  // Alpaca's second field of the prompt, and PRM800K's.
  return (name) =>
    name === prompt || name === "question.problem" || (name === "input" && prompt === "instruction");
}

/**
 * The value that holds each completion.
 *
 * @param names the fields that the row was read from, without its prompt: answers come before labels
 */
function answerNodes(
  fields: Fields,
  { completions }: Reading,
  names: readonly string[],
  find: (name: string) => JsonNode | undefined,
): readonly (JsonNode | undefined)[] {
  const pair = pairNames(fields.record, names);
  if (pair) {
    const nodes = pair.map(find);
    // Lists of texts, chosen and rejected, become one list of samples.
    const areLists = nodes.every((node) => node?.items()[0]?.string);
    return areLists ? nodes.flatMap((node) => node?.items() ?? []) : nodes;
  }
  const [name = ""] = names;
  const isSamples = name === fields.find("completions")?.name && completions[0]?.steps === undefined;
  return isSamples ? (find(name)?.items() ?? []) : [find(name)];
}

/**
 * Of a pair: the field of each completion, in their order. The engine is asked, as a verdict may turn them round: given
 * `a` and `b` as answers, which comes first? undefined: the row is no pair.
 */
function pairNames(record: JsonObject, names: readonly string[]): readonly string[] | undefined {
  const [a, b, verdict] = names;
  if (a === undefined || b === undefined) return undefined;
  const probe = { [a]: "a", [b]: "b", ...(verdict === undefined ? {} : { [verdict]: record[verdict] }) };
  try {
    const { completions } = readRecord(probe, {}, false);
    return completions.length === 2
      ? completions.map(({ completion }) => (completion === "a" ? a : b))
      : undefined;
  } catch {
    return undefined;
  }
}

/** In the order of the source; prompts of both completions may be the same text. */
function distinct(ranges: readonly OffsetRange[]): OffsetRange[] {
  const byStart = new Map(
    ranges.filter(({ start, end }) => end > start).map((range) => [range.start, range]),
  );
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}
