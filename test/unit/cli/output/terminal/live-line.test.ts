import { expect, test } from "vitest";
import { LiveLine } from "../../../../../extension/cli/output/terminal/live-line";

/** A screen that records its output, and a clock that the test advances. */
function setUp(columns?: number) {
  const written: string[] = [];
  const clock = { now: 0 };
  const screen = {
    ...(columns === undefined ? {} : { columns }),
    write: (text: string) => written.push(text),
  };
  return { written, clock, line: new LiveLine(screen, () => clock.now) };
}

test("a text replaces the previous one at most ten times per second", () => {
  const { written, clock, line } = setUp();
  line.show("one");
  clock.now = 99;
  line.show("two");
  clock.now = 100;
  line.show("three");
  expect(written).toEqual(["\r\x1b[2Kone", "\r\x1b[2Kthree"]);
});

test("permanent output is above the newest text", () => {
  const { written, clock, line } = setUp();
  line.show("one");
  clock.now = 50;
  line.show("two");
  line.around(() => written.push("for good\n"));
  expect(written.join("")).toBe("\r\x1b[2Kone\r\x1b[2Kfor good\n\r\x1b[2Ktwo");
});

test("text wider than the screen is cut before the last column", () => {
  const { written, line } = setUp(10);
  line.show("0123456789ab");
  expect(written).toEqual(["\r\x1b[2K012345678"]);
});

test("the line is cleared at the end", () => {
  const { written, line } = setUp();
  line.show("one");
  line.end();
  line.end();
  expect(written).toEqual(["\r\x1b[2Kone", "\r\x1b[2K"]);
});
