/** The end of a test run: which tests did not run, why, what changes that, and the counts. */
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { reasonAndRemedy } from "./lack";

export interface SkippedTest {
  /** From the project's root. */
  readonly file: string;
  readonly name: string;
  /** Why, as `lack` wrote it. */
  readonly note: string | undefined;
}

export interface Counts {
  readonly passed: number;
  /** Tests, and files that could not be loaded. */
  readonly failed: number;
}

/** Above it, files are named in place of tests. */
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

/** Prints the summary behind what other reporters print: it must stand last among them. */
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
