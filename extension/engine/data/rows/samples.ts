/** Reads rows such as `{prompt, completions}`: a list of texts, conversations, or objects with a text. */
import { isObject } from "../../json";
import type { Field, Fields } from "../fields/fields";
import { exchangeOf, promptOf } from "../fields/prompt";
import { type Sourced, SourcedText } from "../fields/text";
import { described, listOf, parseLabel, RowProblem, textOf } from "../fields/values";
import type { RowFormat } from "./row-format";

export const samples: RowFormat<Field> = {
  name: "samples of one prompt",
  fields: [],
  answers: ["completions"],
  detect(fields) {
    const field = fields.find("completions");
    return field && (isList(field, fields) || fields.isNamed("completions")) ? field : undefined;
  },
  read(field, fields) {
    const list = listOf(field);
    if (list.length === 0) throw new RowProblem(`\`${field.name}\` is an empty list`);
    const prompt = promptOf(fields);
    const labels = labelsOf(fields, list.length);
    return {
      kind: "samples of one prompt",
      used: [...prompt.names, field.name, ...labels.names],
      completions: list.map((item, i) => {
        const { text, label = labels.list[i] } = sampleOf(item);
        const exchange = exchangeOf(prompt.text, text, field.name);
        return { role: "completion", ...exchange, ...(label === undefined ? {} : { label }) };
      }),
    };
  },
};

/** Whether a value is a list; in a table, text that begins like a JSON list counts. */
function isList({ value }: Field, { isTable }: Fields): boolean {
  return Array.isArray(value) || (isTable && typeof value === "string" && value.startsWith("["));
}

const sampleTexts = ["text", "response", "completion", "solution", "output", "answer", "content"];
const sampleLabels = ["label", "correct", "is_correct"];

function sampleOf(item: Field): { text: Sourced; label?: boolean } {
  const { name, path, value } = item;
  if (!isObject(value)) return { text: textOf(item, false) };
  const key = sampleTexts.find((each) => typeof value[each] === "string");
  const own = key === undefined ? undefined : value[key];
  if (key === undefined || typeof own !== "string")
    throw new RowProblem(`\`${name}\` is ${described(value)} without text`);
  const text = SourcedText.of(own, [...path, key]);
  const label = sampleLabels.map((each) => parseLabel(value[each])).find((known) => known !== undefined);
  return label === undefined ? { text } : { text, label };
}

/** Reads the labels of the samples if the row has a separate list of them. */
function labelsOf(
  fields: Fields,
  count: number,
): { names: readonly string[]; list: readonly (boolean | undefined)[] } {
  for (const field of fields.all("labels")) {
    if (!isList(field, fields)) continue;
    const list = listOf(field);
    if (list.length !== count) {
      throw new RowProblem(`\`${field.name}\` has ${list.length} labels for ${count} samples`);
    }
    return { names: [field.name], list: list.map(({ value }) => parseLabel(value)) };
  }
  return { names: [], list: [] };
}
