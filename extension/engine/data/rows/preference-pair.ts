/**
 * Reads preference pairs: TRL's four formats (https://huggingface.co/docs/trl/dataset_formats#preference), in which the
 * prompt may be part of the answers, and the raw dialogues of https://github.com/anthropics/hh-rlhf.
 */
import type { Field } from "../fields/fields";
import { readPair } from "../fields/pair";
import type { RowFormat } from "./row-format";

export const preferencePair: RowFormat<readonly [Field, Field]> = {
  name: "preference pairs",
  fields: [],
  answers: ["chosen", "rejected"],
  detect(fields) {
    const [chosen, rejected] = [fields.find("chosen"), fields.find("rejected")];
    return chosen && rejected && [chosen, rejected];
  },
  read([chosen, rejected], fields) {
    const { first, second, ...pair } = readPair(fields, chosen, rejected);
    return {
      ...pair,
      completions: [
        { role: "chosen", ...first },
        { role: "rejected", ...second },
      ],
    };
  },
};
