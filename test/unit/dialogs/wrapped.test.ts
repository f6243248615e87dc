import { expect, test } from "vitest";
import { wrapped } from "../../../extension/dialogs/wrapped";

test.each([
  ["one line", 8, ["one line"]],
  ["one line", 7, ["one", "line"]],
  ["a path/that/is/long here", 6, ["a", "path/that/is/long", "here"]],
  ["two\nlines", 20, ["two lines"]],
  ["", 10, [""]],
])("%j wrapped to %i characters is %j", (text, width, lines) => {
  expect(wrapped(text, width)).toEqual(lines);
});
