/** Reads lists of chosen and rejected answers, as in https://huggingface.co/datasets/allenai/reward-bench-2. */
import type { Field } from "../fields/fields";
import { noPrompt, promptOf } from "../fields/prompt";
import { stringsOf } from "../fields/values";
import type { RowFormat, SourcedCompletion } from "./row-format";

/** Reads chosen answers as correct samples of the prompt, and rejected answers as incorrect ones. */
export const labeledLists: RowFormat<readonly [Field, Field]> = {
  name: "samples of one prompt, chosen and rejected",
  fields: [],
  answers: ["chosen", "rejected"],
  detect(fields) {
    const [chosen, rejected] = [fields.find("chosen"), fields.find("rejected")];
    return chosen && rejected && isListOfTexts(chosen) && isListOfTexts(rejected)
      ? [chosen, rejected]
      : undefined;
  },
  read([chosen, rejected], fields) {
    const { names, text: prompt = noPrompt } = promptOf(fields);
    const labeled = (field: Field, label: boolean): SourcedCompletion[] =>
      stringsOf(field).map((completion) => ({ role: "completion", prompt, completion, label }));
    return {
      kind: "samples of one prompt, chosen and rejected",
      used: [...names, chosen.name, rejected.name],
      completions: [...labeled(chosen, true), ...labeled(rejected, false)],
    };
  },
};

function isListOfTexts({ value }: Field): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
}
