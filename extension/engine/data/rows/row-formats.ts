/** Finds the shape of a record, row by row: files may mix them. */

import type { FieldNames } from "../../../protocol/datasets";
import { quoted } from "../wording";
import { Fields, isAnswerName, isObject, type JsonObject } from "./fields";
import { judgedPair, preferencePair } from "./pair-formats";
import type { Reading, Shape } from "./row-format";
import { type RowValues, valuesOfRow } from "./row-values";
import { conversation, samples, singleCompletion } from "./single-formats";
import { prm800k, steps } from "./step-formats";
import { described, RowProblem } from "./values";

/** The first that fits is taken: what says more comes first. */
const shapes: readonly Shape[] = [
  prm800k,
  preferencePair,
  judgedPair,
  steps,
  samples,
  conversation,
  singleCompletion,
];

export interface RowReading extends Reading {
  readonly values: RowValues;
}

/**
 * @param value what the file holds for one row
 * @param isTable values are cells of a table, all text
 *
 * Throws RowProblem, which says what is wrong with the row.
 */
export function readRecord(value: unknown, names: FieldNames, isTable: boolean): RowReading {
  const record = recordOf(value);
  const fields = new Fields(record, names, isTable);
  for (const shape of shapesFor(fields)) {
    const reading = shape.read(fields);
    if (reading) return { ...reading, values: valuesOfRow(fields) };
  }
  throw unknown(fields);
}

/** The record itself, out of the envelope that the datasets server of Hugging Face puts around rows. */
export function recordOf(value: unknown): JsonObject {
  if (!isObject(value)) throw new RowProblem(`is ${described(value)}, not an object with fields`);
  return isObject(value.row) && Object.hasOwn(value, "row_idx") ? value.row : value;
}

function shapesFor(fields: Fields): readonly Shape[] {
  const named = shapes.filter((shape) => fields.isNamed(...shape.answers));
  return named.length > 0 ? named : shapes;
}

function unknown(fields: Fields): RowProblem {
  const [chosen, rejected] = [fields.find("chosen"), fields.find("rejected")];
  if (chosen && !rejected) return new RowProblem(`has \`${chosen.name}\` but nothing that was rejected`);
  if (rejected && !chosen) return new RowProblem(`has \`${rejected.name}\` but nothing that was chosen`);
  const names = Object.keys(fields.record);
  if (names.length === 0) return new RowProblem("has no fields");
  const empty = names.find((name) => isAnswerName(name) && fields.isNull(name));
  if (empty !== undefined) return new RowProblem(`has no answer: \`${empty}\` is null`);
  const listed = quoted(names.slice(0, 12));
  const detail = { code: "fields-unknown", data: { fields: names } } as const;
  return new RowProblem(`has no answer under a known name: its fields are ${listed}`, detail);
}
