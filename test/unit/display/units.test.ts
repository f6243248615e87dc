import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Unit, type UnitOptions, unitsOf } from "../../../extension/display/units";
import { type Granularity, granularities } from "../../../extension/protocol/choices";

/** The ranges as columns. */
const columns = (tokens: readonly { readonly start: number; readonly end: number }[]) => ({
  starts: Int32Array.from(tokens, ({ start }) => start),
  ends: Int32Array.from(tokens, ({ end }) => end),
});

/** The text that the pieces make, and a token for each of them. */
function tokenized(pieces: readonly string[]) {
  let at = 0;
  const tokens = pieces.map((piece) => {
    const start = at;
    at += piece.length;
    return { start, end: at };
  });
  return { text: pieces.join(""), tokens };
}

/** The texts of the units that the pieces come to. */
function parts(pieces: readonly string[], granularity: Granularity, steps?: UnitOptions["steps"]): string[] {
  const { text, tokens } = tokenized(pieces);
  return unitsOf(text, columns(tokens), [], { granularity, steps }).map(({ start, end }) =>
    text.slice(start, end),
  );
}

describe("tokens", () => {
  test("are units by themselves, each with its value", () => {
    const { text, tokens } = tokenized(["So", " it", " is"]);
    expect(unitsOf(text, columns(tokens), [0.5, undefined, -0.5], { granularity: "token" })).toEqual([
      { start: 0, end: 2, firstToken: 0, lastToken: 0, value: 0.5 },
      { start: 2, end: 5, firstToken: 1, lastToken: 1, value: undefined },
      { start: 5, end: 8, firstToken: 2, lastToken: 2, value: -0.5 },
    ]);
  });

  test("without text of their own are in no unit", () => {
    const tokens = [
      { start: 0, end: 0 },
      { start: 0, end: 2 },
      { start: 2, end: 2 },
    ];
    const expected = [{ start: 0, end: 2, firstToken: 1, lastToken: 1, value: 0.5 }];
    expect(unitsOf("ab", columns(tokens), [-1, 0.5, -1], { granularity: "token" })).toEqual(expected);
    expect(unitsOf("ab", columns(tokens), [-1, 0.5, -1], { granularity: "word" })).toEqual(expected);
  });

  test("that share characters are one unit, as low as the lowest of them", () => {
    const tokens = [
      { start: 0, end: 2 },
      { start: 0, end: 2 },
      { start: 1, end: 2 },
      { start: 2, end: 3 },
    ];
    expect(unitsOf("🙂a", columns(tokens), [0.5, -0.5, 0.25, 1], { granularity: "token" })).toEqual([
      { start: 0, end: 2, firstToken: 0, lastToken: 2, value: -0.5 },
      { start: 2, end: 3, firstToken: 3, lastToken: 3, value: 1 },
    ]);
  });

  test("inside another one do not shorten it", () => {
    const tokens = [
      { start: 0, end: 3 },
      { start: 1, end: 2 },
    ];
    expect(unitsOf("abc", columns(tokens), [], { granularity: "token" })).toMatchObject([
      { start: 0, end: 3, lastToken: 1 },
    ]);
  });
});

test("a unit is as low as its lowest token, whose order does not matter, and has no value if none has", () => {
  const { text, tokens } = tokenized(["a", "b", "c"]);
  const value = (...values: readonly (number | undefined)[]) =>
    unitsOf(text, columns(tokens), values, { granularity: "word" }).map((unit) => unit.value);
  expect(value(0.5, -0.5, 0.25)).toEqual([-0.5]);
  expect(value(-0.5, 0.5, 0.25)).toEqual([-0.5]);
  expect(value(undefined, 0.5, undefined)).toEqual([0.5]);
  expect(value(0.25, undefined, 0.5)).toEqual([0.25]);
  expect(value(undefined, undefined, undefined)).toEqual([undefined]);
});

describe("words", () => {
  test("include the white space before them, and punctuation is a unit by itself", () => {
    expect(parts(["Hel", "lo", ",", " wor", "ld", "!"], "word")).toEqual(["Hello", ",", " world", "!"]);
    expect(parts(["a", " ", "b"], "word")).toEqual(["a", " b"]);
    expect(parts([" a", "  b"], "word")).toEqual([" a", "  b"]);
  });

  test("of numbers keep their decimal point", () => {
    expect(parts([" 3", ".", "5", " kg"], "word")).toEqual([" 3.5", " kg"]);
  });
});

describe("sentences", () => {
  test("begin with the space before their first word, as its token does", () => {
    expect(parts(["It", " is", " 4", ".", " Is", " it", "?", " No", "."], "sentence")).toEqual([
      "It is 4.",
      " Is it?",
      " No.",
    ]);
  });

  test("keep the white space after them that has a token of its own", () => {
    expect(parts(["One", ".", " ", "Two", "."], "sentence")).toEqual(["One. ", "Two."]);
    expect(parts(["One", ".\n\n", "Two", "."], "sentence")).toEqual(["One.\n\n", "Two."]);
  });

  test("are never a blank line alone", () => {
    expect(parts(["One", ".", "\n", "\n", "Two", "."], "sentence")).toEqual(["One.\n", "\nTwo."]);
  });

  test("are one if the text has one only", () => {
    expect(parts(["No", " end"], "sentence")).toEqual(["No end"]);
  });
});

describe("lines", () => {
  test("end with their line break", () => {
    expect(parts(["a", " b", "\n", "c", "\n", "\n", "d"], "line")).toEqual(["a b\n", "c\n", "\n", "d"]);
    expect(parts(["a", "\n"], "line")).toEqual(["a\n"]);
  });

  test("hold a token that spans two of them by its first visible character", () => {
    expect(parts(["a", ";\n", "b"], "line")).toEqual(["a;\n", "b"]);
    expect(parts(["a", "\nb", " c"], "line")).toEqual(["a", "\nb c"]);
  });
});

describe("steps", () => {
  test("are those of the data, of which the first begins with the text", () => {
    const steps = [
      { start: 1, end: 4 },
      { start: 5, end: 8 },
      { start: 9, end: 12 },
    ];
    const pieces = [" ", "one", "\n", "two", "\n", "three"];
    expect(parts(pieces, "step", steps)).toEqual([" one\n", "two\n", "three"]);
    expect(
      parts(["one", " two"], "step", [
        { start: 0, end: 3 },
        { start: 4, end: 7 },
      ]),
    ).toEqual(["one", " two"]);
    expect(parts(pieces, "step", steps.slice(0, 1))).toEqual([pieces.join("")]);
  });

  test("are parted by blank lines if the text has any, white space on them or not", () => {
    expect(parts(["a", "\n", "b", "\n\n", "c", "\n", "d"], "step")).toEqual(["a\nb\n\n", "c\nd"]);
    expect(parts(["a", "\n", " \t", "\n", "b", "\n", "c"], "step")).toEqual(["a\n \t\n", "b\nc"]);
    expect(parts(["a", "\n\n\n", " ", "b"], "step")).toEqual(["a\n\n\n", " b"]);
    expect(parts(["a", "\n", "b", "\n\n", " c"], "step")).toEqual(["a\nb\n\n", " c"]);
  });

  test("are lines if the text has no blank lines, or only at its end", () => {
    expect(parts(["a", "\n", "b", "\n", "c"], "step")).toEqual(["a\n", "b\n", "c"]);
    expect(parts(["a", "\n", "b", "\n\n"], "step")).toEqual(["a\n", "b\n\n"]);
    expect(parts(["a", "\n", "b"], "step", [])).toEqual(["a\n", "b"]);
  });

  test("of the data do not part lines or sentences", () => {
    const steps = [
      { start: 0, end: 1 },
      { start: 2, end: 3 },
    ];
    expect(parts(["a", " b"], "line", steps)).toEqual(["a b"]);
    expect(parts(["a", " b"], "sentence", steps)).toEqual(["a b"]);
  });
});

test("units are in order, do not overlap, and hold each token that has text in exactly one", () => {
  const piece = fc.constantFrom("a", " b", ".", ". ", "\n", "\n\n", " 12", "", "🙂", " C", "?");
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom(...granularities),
      (pieces, granularity) => {
        const { text, tokens } = tokenized(pieces);
        const units = unitsOf(
          text,
          columns(tokens),
          tokens.map((_, i) => i),
          { granularity },
        );
        units.forEach((unit: Unit, i) => {
          expect(unit.end).toBeGreaterThan(unit.start);
          expect(unit.start).toBe(i === 0 ? 0 : units[i - 1]?.end);
          expect(unit).toMatchObject({
            start: tokens[unit.firstToken]?.start,
            end: tokens[unit.lastToken]?.end,
            value: unit.firstToken,
          });
        });
        expect(units.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
      },
    ),
  );
});
