/** Detects the row format of each record separately, because a file may mix formats. */

import type { FieldNames } from "../../../protocol/datasets";
import { isObject, type JsonObject } from "../../json";
import { Fields, isAnswerName, roleNames } from "../fields/fields";
import { type RowValues, valuesOfRow } from "../fields/row-values";
import { type FieldPath, type Piece, piecesOf, textOnly } from "../fields/text";
import { described, RowProblem } from "../fields/values";
import { quotedList } from "../wording";
import { conversation } from "./conversation";
import { judgedPair } from "./judged-pair";
import { labeledLists } from "./labeled-lists";
import { preferencePair } from "./preference-pair";
import { prm800k } from "./prm800k";
import type { Completion } from "./row";
import type { RowFormat, SourcedCompletion, SourcedRow } from "./row-format";
import { samples } from "./samples";
import { singleCompletion } from "./single-completion";
import { steps } from "./steps";

/** The first format that matches is used, so the most specific ones come first. */
export const rowFormats: readonly RowFormat[] = [
  prm800k,
  labeledLists,
  preferencePair,
  judgedPair,
  steps,
  samples,
  conversation,
  singleCompletion,
];

/** The parts of fields that a completion and its prompt were read from. */
export interface CompletionSource {
  readonly prompt: readonly Piece[];
  readonly completion: readonly Piece[];
}

export interface RowReading extends Omit<SourcedRow, "completions"> {
  readonly completions: readonly Completion[];
  /** One source per completion. */
  readonly sources: readonly CompletionSource[];
  readonly values: RowValues;
}

/** A row without an answer under a known name. */
export class UnknownFields extends RowProblem {
  constructor(
    readonly reason: string,
    readonly record: JsonObject,
  ) {
    super(reason, { code: "fields-unknown", data: { fields: Object.keys(record) } });
  }
}

/**
 * @param value the raw record of one row
 * @param isTable whether values are table cells, which are all text
 * @throws RowProblem if the row is invalid or of an unknown format
 */
export function readRecord(value: unknown, names: FieldNames, isTable: boolean): RowReading {
  const { record, path } = unwrapped(value);
  const fields = new Fields(record, names, isTable, path);
  for (const format of formatsFor(fields)) {
    const found = format.detect(fields);
    if (found === undefined) continue;
    const { completions, ...reading } = format.read(found, fields);
    return {
      ...reading,
      completions: completions.map(plainCompletion),
      sources: completions.map(({ prompt, completion }) => ({
        prompt: piecesOf(prompt),
        completion: piecesOf(completion),
      })),
      values: valuesOfRow(fields),
    };
  }
  throw unknown(fields);
}

/** Takes the record out of the envelope that Hugging Face's dataset viewer API puts around rows. */
export function recordOf(value: unknown): JsonObject {
  return unwrapped(value).record;
}

const envelope = { record: "row", index: "row_idx" } as const;

function unwrapped(value: unknown): { readonly record: JsonObject; readonly path: FieldPath } {
  if (!isObject(value)) throw new RowProblem(`is ${described(value)}, not an object with fields`);
  const inner = value[envelope.record];
  return isObject(inner) && Object.hasOwn(value, envelope.index)
    ? { record: inner, path: [envelope.record] }
    : { record: value, path: [] };
}

const ownNames = rowFormats.flatMap(({ fields }) => fields).flatMap((name) => [name, rootOf(name)]);
const knownNames: ReadonlySet<string> = new Set([...roleNames, ...ownNames, ...Object.values(envelope)]);

/** Whether any format uses a field of this name or one nested in it. */
export function isKnownName(name: string): boolean {
  return knownNames.has(name);
}

/** The outermost field of a name such as `label.steps`. */
export function rootOf(name: string): string {
  return name.split(".", 1)[0] ?? name;
}

function formatsFor(fields: Fields): readonly RowFormat[] {
  const named = rowFormats.filter((format) => fields.isNamed(...format.answers));
  return named.length > 0 ? named : rowFormats;
}

function plainCompletion({ role, prompt, completion, ...rest }: SourcedCompletion): Completion {
  return { role, prompt: textOnly(prompt), completion: textOnly(completion), ...rest };
}

function unknown(fields: Fields): RowProblem {
  const [chosen, rejected] = [fields.find("chosen"), fields.find("rejected")];
  if (chosen && !rejected) return new RowProblem(`has \`${chosen.name}\` but no rejected answer`);
  if (rejected && !chosen) return new RowProblem(`has \`${rejected.name}\` but no chosen answer`);
  const names = Object.keys(fields.record);
  if (names.length === 0) return new RowProblem("has no fields");
  const empty = names.find((name) => isAnswerName(name) && fields.isNull(name));
  if (empty !== undefined) return new RowProblem(`has no answer: \`${empty}\` is null`);
  const shown = quotedList(names.slice(0, 12));
  return new UnknownFields(`has no answer under a known name: its fields are ${shown}`, fields.record);
}
