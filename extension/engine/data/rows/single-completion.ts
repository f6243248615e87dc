/** Reads rows such as `{prompt, completion, label}`; prompt and label are optional. */
import type { Field } from "../fields/fields";
import { exchangeOf, labelOfRow, promptOf } from "../fields/prompt";
import { textOf } from "../fields/values";
import type { RowFormat } from "./row-format";

export const singleCompletion: RowFormat<Field> = {
  name: "single completions",
  fields: [],
  answers: ["completion"],
  detect: (fields) => fields.find("completion"),
  read(field, fields) {
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
