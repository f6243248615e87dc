/** Table rules that the engine, which streams bytes, shares with the editor, which has text. */
import { oneLine } from "../../../display/one-line";

/** The most frequent delimiter in a table's first line. */
export function delimiterOf(firstLine: string): string {
  const bare = firstLine.replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => bare.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/** Whether a record is a blank line. */
export function isBlankRecord(cells: number, firstLength: number): boolean {
  return cells === 1 && firstLength === 0;
}

export function headerProblem(names: readonly string[]): string | undefined {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  return twice === undefined ? undefined : `the header contains \`${oneLine(twice)}\` twice`;
}

export function recordProblem(cells: number, header: number): string | undefined {
  return cells === header ? undefined : `has ${cells} cells, but the header has ${header}`;
}

/** The first line that is not blank. */
export function firstLineOf(text: string): string {
  return text.trimStart().split("\n", 1)[0] ?? "";
}
