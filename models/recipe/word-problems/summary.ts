/** A summary of a set of examples. */
import { type Example, problemsAsText } from "./examples";

/** Counts problems, steps, mistakes by kind and line, and distinct words and numbers. */
export function summaryOf(examples: readonly Example[]): string {
  const texts = [...problemsAsText(examples)];
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  return [
    `${examples.length} problems`,
    `steps ${counted(examples.map(({ problem }) => problem.steps.length))}`,
    `mistakes ${counted(examples.map(({ mistake }) => mistake.kind))}`,
    `first incorrect line ${counted(examples.map(({ mistake }) => mistake.step + 1))}`,
    `${distinct(texts, /\p{L}+/gu)} distinct words, ${distinct(texts, /\d+/g)} numbers`,
    `longest text ${longest} characters`,
  ].join("\n  ");
}

function counted(values: readonly (string | number)[]): string {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([value, count]) => `${value}: ${count}`).join(", ");
}

function distinct(texts: readonly string[], pattern: RegExp): number {
  return new Set(texts.flatMap((text) => text.match(pattern) ?? [])).size;
}
