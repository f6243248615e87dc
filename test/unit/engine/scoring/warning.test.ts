import { expect, test } from "vitest";
import { warningText } from "../../../../extension/display/warning-text";
import type { Warning } from "../../../../extension/protocol/scores";

test.each<[Warning, string]>([
  [{ kind: "truncated", tokens: 1 }, "truncated: 1 token at the end did not fit"],
  [{ kind: "truncated", tokens: 2 }, "truncated: 2 tokens at the end did not fit"],
  [
    { kind: "eos-missing" },
    "no end-of-sequence token: the reward is read at a token that the head may not be trained on",
  ],
  [{ kind: "eos-doubled", count: 2 }, "2 end-of-sequence tokens at the end, where one is expected"],
  [{ kind: "empty-completion" }, "the completion is empty"],
  [
    { kind: "identical-scores", with: "rejected" },
    "the same reward as the rejected completion, whose text differs",
  ],
  [{ kind: "outside-vocabulary", tokens: 1 }, "1 token outside the model's vocabulary"],
  [{ kind: "nan", tokens: 3 }, "3 tokens with the score NaN"],
])("%o is told as: %s", (warning, text) => {
  expect(warningText(warning)).toBe(text);
});
