/** Rows with one answer, as text or as the last turn of a conversation, and rows with N samples of one prompt. */
import { type Field, type Fields, isObject } from "./fields";
import { exchangeOf, labelOfRow, promptOf, splitLastTurn } from "./prompt";
import type { Completion } from "./row";
import type { Shape } from "./row-format";
import { described, labelOf, listOf, messagesOf, RowProblem, textOf } from "./values";

/** `{prompt, completion, label}`, `{question, solution, correct}`; prompt and label may be absent. */
export const singleCompletion: Shape = {
  answers: ["completion"],
  read(fields) {
    const field = fields.find("completion");
    if (!field) return undefined;
    const prompt = promptOf(fields);
    const { names, ...label } = labelOfRow(fields);
    const exchange = exchangeOf(prompt.text, textOf(field, fields.isTable), field.name);
    return {
      kind: "single completions",
      used: [...prompt.names, field.name, ...names],
      completions: [{ role: "completion", ...exchange, ...label }],
    };
  },
};

/** `{messages}`: the last turn is the answer. */
export const conversation: Shape = {
  answers: ["messages"],
  read(fields) {
    const field = fields.find("messages");
    if (!field) return undefined;
    const { names, ...label } = labelOfRow(fields);
    return {
      kind: "conversations",
      used: [field.name, ...names],
      completions: [{ role: "completion", ...splitLastTurn(messagesOf(field), field.name), ...label }],
    };
  },
};

/** `{prompt, completions}` and the like: a list of texts, of conversations, or of objects that hold a text. */
export const samples: Shape = {
  answers: ["completions"],
  read(fields) {
    const field = fields.find("completions");
    if (!field || !(isList(field, fields) || fields.isNamed("completions"))) return undefined;
    const list = listOf(field);
    if (list.length === 0) throw new RowProblem(`\`${field.name}\` is an empty list`);
    const prompt = promptOf(fields);
    const labels = labelsOf(fields, list.length);
    return {
      kind: "samples of one prompt",
      used: [...prompt.names, field.name, ...labels.names],
      completions: list.map((item, i) => {
        const { text, label = labels.list[i] } = sampleOf(item, `${field.name}[${i}]`);
        const exchange = exchangeOf(prompt.text, text, field.name);
        return { role: "completion", ...exchange, ...(label === undefined ? {} : { label }) };
      }),
    };
  },
};

/** A table's cells are all text: there a list is one that reads as JSON. */
function isList({ value }: Field, { isTable }: Fields): boolean {
  return Array.isArray(value) || (isTable && typeof value === "string" && value.startsWith("["));
}

const sampleTexts = ["text", "response", "completion", "solution", "output", "answer", "content"];
const sampleLabels = ["label", "correct", "is_correct"];

function sampleOf(item: unknown, name: string): { text: Completion["completion"]; label?: boolean } {
  if (!isObject(item)) return { text: textOf({ name, value: item }, false) };
  const text = sampleTexts.map((key) => item[key]).find((value) => typeof value === "string");
  if (typeof text !== "string") throw new RowProblem(`\`${name}\` is ${described(item)} without a text`);
  const label = sampleLabels.map((key) => labelOf(item[key])).find((value) => value !== undefined);
  return label === undefined ? { text } : { text, label };
}

/** Labels by sample, where a list of them stands beside the samples. */
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
    return { names: [field.name], list: list.map(labelOf) };
  }
  return { names: [], list: [] };
}
