/** Summarizes a test run: the skipped tests, why they were skipped, how to run them, and the counts. */
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { reasonAndRemedy } from "./lack";

export interface SkippedTest {
  /** Path relative to the project's root. */
  readonly file: string;
  readonly name: string;
  /** The reason, as written by `lack`. */
  readonly note: string | undefined;
}

export interface Counts {
  readonly passed: number;
  /** Number of failed tests and of files that could not be loaded. */
  readonly failed: number;
}

/** Maximum number of tests to name; for more, their files are named instead. */
const mostNames = 3;

/** The last line is `N passed, N failed, N skipped`. */
export function summary({ passed, failed }: Counts, skipped: readonly SkippedTest[]): string {
  const groups = new Map<string, SkippedTest[]>();
  for (const test of skipped) {
    const note = test.note ?? "no reason was given";
    groups.set(note, [...(groups.get(note) ?? []), test]);
  }
  const largestFirst = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const heading = skipped.length === 0 ? [] : [`${tests(skipped.length)} did not run:`];
  const lines = largestFirst.flatMap(([note, group]) => linesOf(note, group));
  return [...heading, ...lines, `${passed} passed, ${failed} failed, ${skipped.length} skipped`].join("\n");
}

function linesOf(note: string, group: readonly SkippedTest[]): string[] {
  const { reason, remedy } = reasonAndRemedy(note);
  return [
    `  ${tests(group.length)}: ${reason}`,
    ...(remedy === undefined ? [] : [`    to run ${group.length === 1 ? "it" : "them"}: ${remedy}`]),
    ...namesOf(group).map((name) => `    ${name}`),
  ];
}

function namesOf(group: readonly SkippedTest[]): string[] {
  if (group.length <= mostNames) return group.map(({ file, name }) => `${file} > ${name}`);
  return [...new Set(group.map(({ file }) => file))].sort();
}

function tests(count: number): string {
  return count === 1 ? "1 test" : `${count} tests`;
}

/** Prints the summary after the other reporters' output, so it must be the last reporter. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const all = modules.flatMap((module) => [...module.children.allTests()]);
    const states = all.map((test) => test.result().state);
    const unloaded = modules.filter((module) => module.errors().length > 0).length;
    const passed = states.filter((state) => state === "passed").length;
    const failed = states.filter((state) => state === "failed").length + unloaded;
    const skipped = all.filter((test) => test.result().state === "skipped").map(skippedTest);
    process.stdout.write(`\n${summary({ passed, failed }, skipped)}\n`);
  }
}

function skippedTest(test: TestCase): SkippedTest {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  return { file: test.module.relativeModuleId, name: test.fullName, note };
}
