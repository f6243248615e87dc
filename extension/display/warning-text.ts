import type { Warning } from "../protocol/scores";
import { count } from "./wording";

/** A warning of a scored completion as text. */
export function warningText(warning: Warning): string {
  switch (warning.kind) {
    case "truncated":
      return `truncated: ${count(warning.tokens, "token")} at the end did not fit`;
    case "eos-missing":
      return "no end-of-sequence token: the reward is read at a token that the head may not be trained on";
    case "eos-doubled":
      return `${warning.count} end-of-sequence tokens at the end, where one is expected`;
    case "empty-completion":
      return "the completion is empty";
    case "only-padding":
      return "the completion has only padding tokens: the reward is read in the prompt";
    case "identical-scores":
      return `the same reward as the ${warning.with} completion, whose text differs`;
    case "outside-vocabulary":
      return `${count(warning.tokens, "token")} outside the model's vocabulary`;
    case "outside-known-rewards":
      return (
        `the reward is outside this model's known rewards, ${warning.lowest.toFixed(2)} to ${warning.highest.toFixed(2)}: ` +
        "the text may be unlike what the model was trained for"
      );
    case "nan":
      return `${count(warning.tokens, "token")} with the score NaN`;
  }
}
