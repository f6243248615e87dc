/** What counts as a table: shared by the engine, which streams bytes, and the editor, which has text. */
import { oneLine } from "../../../display/one-line";

/** The delimiter that a table's first line has most of. */
export function delimiterOf(firstLine: string): string {
  const bare = firstLine.replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => bare.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/** A line with nothing on it is not a record. */
export function isBlankRecord(cells: number, firstLength: number): boolean {
  return cells === 1 && firstLength === 0;
}

export function headerProblem(names: readonly string[]): string | undefined {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  return twice === undefined ? undefined : `the header has \`${oneLine(twice)}\` twice`;
}

export function recordProblem(cells: number, header: number): string | undefined {
  return cells === header ? undefined : `has ${cells} cells, and the header ${header}`;
}

/** The first line with something on it. */
export function firstLineOf(text: string): string {
  return text.trimStart().split("\n", 1)[0] ?? "";
}
