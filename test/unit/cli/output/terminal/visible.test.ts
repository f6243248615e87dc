import { expect, test } from "vitest";
import { visible, visibleLine } from "../../../../../extension/cli/output/terminal/visible";

test.each([
  ["a color", "\x1b[31mred\x1b[0m", "\\u001b[31mred\\u001b[0m"],
  ["a title", "\x1b]0;mine\x07", "\\u001b]0;mine\\u0007"],
  ["a control of one byte", "\x9b2J", "\\u009b2J"],
  ["delete and return", "over\rwrite\x7f\b", "over\\u000dwrite\\u007f\\u0008"],
  ["text turned around", "\u202eabc\u202c \u2066d\u2069", "\\u202eabc\\u202c \\u2066d\\u2069"],
  ["hidden text", "a\u200bb\ufeff\u{e0061}", "a\\u200bb\\ufeff\\udb40\\udc61"],
  ["line separators", "a\u2028b\u2029", "a\\u2028b\\u2029"],
  ["nothing", "a\tb\nc é 😀 👩‍🔬 नमस्\u200dते", "a\tb\nc é 😀 👩‍🔬 नमस्\u200dते"],
])("%s is written out", (_, text, expected) => {
  expect(visible(text)).toBe(expected);
  expect(visible(expected)).toBe(expected);
});

test("JSON keeps its meaning", () => {
  const value = { "\x9bkey": "\x1b[2J\x7f\u202e\u{e0061}\n\u2028" };
  expect(JSON.parse(visible(JSON.stringify(value, undefined, 2)))).toEqual(value);
});

test("a line remains one line", () => {
  expect(visibleLine("bad\nerror fine")).toBe("bad\\nerror fine");
});
