import { expect, test } from "vitest";
import { spelled } from "../../../webview/shared/strip/strip-text";

test.each([
  ["beads.\n", "beads.\\n"],
  ["\nStep", "\\n Step"],
  ["\n\n1", "\\n\\n 1"],
  ["\n é", "\\n é"],
  ["\né", "\\n é"],
  ["a\u202eb", "aU+202Eb"],
  ["tab\tstays", "tab\tstays"],
])("%j is spelled %j for screen readers", (text, expected) => {
  expect(spelled(text)).toBe(expected);
});
