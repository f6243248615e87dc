/** What is painted of a row, as offsets of the document. Pure. */
import { bucketOf, middle } from "../../../display/color";
import type { Shading } from "../../../platform/setting-values";
import type { OffsetRange } from "../../documents/regions/region";
import type { Reading } from "../../scores/reading";
import type { Entry, ScoredText } from "../../scores/scored-document";

export interface Shades {
  /** By bucket of color. */
  readonly units: ReadonlyMap<number, readonly OffsetRange[]>;
  readonly prompts: readonly OffsetRange[];
  /** Completions that were marked by hand: nothing else tells where they end. */
  readonly marked: readonly OffsetRange[];
  /** Rows without scores, and why. */
  readonly problems: readonly (OffsetRange & { readonly text: string })[];
}

export interface ShadeOptions {
  readonly shading: Exclude<Shading, "off">;
  /** Nothing outside is painted. */
  readonly within: OffsetRange;
  /** Most units; rows that come first have them. */
  readonly limit: number;
  readonly read: (scored: ScoredText) => Reading;
}

export function shadesOf(entries: readonly Entry[], options: ShadeOptions): Shades {
  return {
    units: unitsOf(entries, options),
    prompts: entries.flatMap(promptsOf).filter((range) => overlaps(range, options.within)),
    marked: entries.flatMap(markedOf).filter((range) => overlaps(range, options.within)),
    problems: entries.flatMap(problemsOf),
  };
}

function unitsOf(
  entries: readonly Entry[],
  { shading, within, limit, read }: ShadeOptions,
): Map<number, OffsetRange[]> {
  const byBucket = new Map<number, OffsetRange[]>();
  const completions = entries.flatMap((entry) => (entry.kind === "scored" ? entry.completions : []));
  let count = 0;
  for (const completion of completions) {
    const { scale, units } = read(completion);
    for (const unit of units) {
      if (count >= limit) return byBucket;
      if (unit.value === undefined) continue;
      const bucket = bucketOf(scale, unit.value);
      if (shading === "low" && bucket >= middle) continue;
      const ranges = completion.rangesOf(unit).filter((range) => overlaps(range, within));
      const known = byBucket.get(bucket);
      if (known) known.push(...ranges);
      else if (ranges.length > 0) byBucket.set(bucket, ranges);
      count += ranges.length;
    }
  }
  return byBucket;
}

function overlaps(a: OffsetRange, b: OffsetRange): boolean {
  return a.start <= b.end && a.end >= b.start;
}

function promptsOf(entry: Entry): OffsetRange[] {
  if (entry.kind === "bad") return [];
  const { start: from, prompt } = entry.region;
  return prompt.map(({ start, end }) => ({ start: from + start, end: from + end }));
}

function markedOf(entry: Entry): OffsetRange[] {
  if (entry.kind === "bad" || entry.region.taken !== "marked") return [];
  const { start: from, completions } = entry.region;
  return completions
    .flatMap(({ texts }) => texts)
    .map(({ text, at }) => ({ start: from + at(0), end: from + at(text.length) }));
}

function problemsOf(entry: Entry): (OffsetRange & { readonly text: string })[] {
  const text = problemOf(entry);
  return text === undefined ? [] : [{ start: entry.region.start, end: entry.region.end, text }];
}

/** Why a row has no scores and will get none; undefined: it has, or will. */
export function problemOf(entry: Entry): string | undefined {
  if (entry.kind === "bad") return `not read: ${oneLine(entry.region.problem)}`;
  return entry.kind === "failed" ? `not scored: ${oneLine(entry.problem)}` : undefined;
}

const longest = 160;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
