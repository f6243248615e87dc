/** Reads a row that is written as JSON. */
import { jsonProblem } from "../../../../engine/data/files/jsonl";
import type { FieldChoice } from "../field-choice";
import type { BadRegion, Region } from "../region";
import { rowRegion } from "../row-region";
import { textStart } from "../text-start";
import { JsonLocator } from "./json-locator";

/**
 * @param source the source of the row alone; the region starts at 0 and ends with it
 * @param row 0-based position in the dataset
 * @param place place of the row, for messages: `pairs.jsonl:12`
 */
export function jsonRow(source: string, row: number, place: string, fields: FieldChoice): Region | BadRegion {
  const from = textStart(source);
  let value: unknown;
  try {
    value = JSON.parse(source.slice(from));
  } catch (error) {
    const problem = `is not valid JSON: ${syntaxProblem(error, source)}`;
    return { start: 0, end: source.length, problem, isSyntax: true };
  }
  const locator = new JsonLocator(source, from);
  return rowRegion({ value, isTable: false, locator, length: source.length }, { row, place }, fields);
}

/** Replaces the column by a line number if the row has several lines. */
function syntaxProblem(error: unknown, source: string): string {
  const problem = jsonProblem(error);
  if (!source.includes("\n")) return problem;
  return problem.replace(/ at column (\d+)$/, (_, column) => {
    const line = source.slice(0, Number(column)).split("\n").length;
    return ` in its line ${line}`;
  });
}
