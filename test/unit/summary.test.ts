/** The end of a test run names every test that did not run, why, and what would run it. */
import { expect, test } from "vitest";
import { lack } from "../support/lack";
import { type SkippedTest, summary } from "../support/summary";

const skipped = (name: string, note?: string, file = "test/a.test.ts"): SkippedTest => ({ file, name, note });

test("tests that lack the same are one group, the largest first; few are named one by one", () => {
  const browser = lack("there is no browser", "install it");
  const text = summary({ passed: 7, failed: 1 }, [
    skipped("timings", lack("only on request", "MEASURE=1 npm test")),
    ...["one", "two", "three"].map((name) => skipped(name, browser)),
    skipped("four", browser, "test/b.test.ts"),
    skipped("telemetry", lack("this runtime has none")),
    skipped("unknown"),
  ]);
  expect(text.split("\n")).toEqual([
    "7 tests did not run:",
    "  4 tests: there is no browser",
    "    to run them: install it",
    "    test/a.test.ts",
    "    test/b.test.ts",
    "  1 test: only on request",
    "    to run it: MEASURE=1 npm test",
    "    test/a.test.ts > timings",
    "  1 test: this runtime has none",
    "    test/a.test.ts > telemetry",
    "  1 test: no reason was given",
    "    test/a.test.ts > unknown",
    "7 passed, 1 failed, 7 skipped",
  ]);
});

test("if every test ran, the counts stand alone", () => {
  expect(summary({ passed: 2, failed: 0 }, [])).toBe("2 passed, 0 failed, 0 skipped");
});
