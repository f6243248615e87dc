/** Reads `{messages}`, whose last turn is the answer. */
import type { Field } from "../fields/fields";
import { labelOfRow, splitLastTurn } from "../fields/prompt";
import { messagesOf } from "../fields/values";
import type { RowFormat } from "./row-format";

export const conversation: RowFormat<Field> = {
  name: "conversations",
  fields: [],
  answers: ["messages"],
  detect: (fields) => fields.find("messages"),
  read(field, fields) {
    const { names, ...label } = labelOfRow(fields);
    return {
      kind: "conversations",
      used: [field.name, ...names],
      completions: [{ role: "completion", ...splitLastTurn(messagesOf(field), field.name), ...label }],
    };
  },
};
