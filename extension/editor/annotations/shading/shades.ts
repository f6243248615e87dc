/** What is painted for each row, as offsets in the document. Pure. */
import { bucketOf, buckets, middle } from "../../../display/color";
import { isLow, type Scale } from "../../../display/metric";
import { oneLine } from "../../../display/one-line";
import type { Shading } from "../../../platform/settings/setting-values";
import type { OffsetRange } from "../../documents/regions/region";
import type { Reading } from "../../scores/reading";
import type { RowEntry, ScoredText } from "../../scores/scored-document";

export interface Shades {
  /** Ranges by shade; see `shadeOf`. */
  readonly units: ReadonlyMap<number, readonly OffsetRange[]>;
  readonly prompts: readonly OffsetRange[];
  /** Completions marked by hand: nothing else shows where they end. */
  readonly marked: readonly OffsetRange[];
  /** Rows without scores, and why. */
  readonly problems: readonly (OffsetRange & { readonly text: string })[];
}

export interface ShadeOptions {
  readonly shading: Exclude<Shading, "off">;
  /** Only this range of the document is painted. */
  readonly within: OffsetRange;
  /** Maximum number of painted ranges; earlier rows take precedence. */
  readonly limit: number;
  readonly read: (scored: ScoredText) => Reading;
}

/** A shade is a color bucket, with or without the line that marks low tokens. */
export const shadeCount = 2 * buckets;

/**
 * On a full scale, exactly the tokens whose bucket is below the middle are low, and the shade is the bucket. If colors
 * span only the range of the row, the other combinations of bucket and line follow as a second set.
 */
export function shadeOf(scale: Scale, value: number): number {
  const bucket = bucketOf(scale, value);
  return isLow(scale, value) === bucket < middle ? bucket : buckets + bucket;
}

export function shadeParts(shade: number): { readonly bucket: number; readonly isLow: boolean } {
  const bucket = shade % buckets;
  return { bucket, isLow: bucket < middle === shade < buckets };
}

export function shadesOf(entries: readonly RowEntry[], options: ShadeOptions): Shades {
  return {
    units: unitsOf(entries, options),
    prompts: entries.flatMap(promptsOf).filter((range) => overlaps(range, options.within)),
    marked: entries.flatMap(markedOf).filter((range) => overlaps(range, options.within)),
    problems: entries.flatMap(problemsOf),
  };
}

function unitsOf(
  entries: readonly RowEntry[],
  { shading, within, limit, read }: ShadeOptions,
): Map<number, OffsetRange[]> {
  const byShade = new Map<number, OffsetRange[]>();
  const completions = entries.flatMap((entry) => (entry.kind === "scored" ? entry.completions : []));
  let count = 0;
  for (const completion of completions) {
    const { scale, units } = read(completion);
    for (const unit of units) {
      if (count >= limit) return byShade;
      if (unit.value === undefined) continue;
      if (shading === "low" && !isLow(scale, unit.value)) continue;
      const shade = shadeOf(scale, unit.value);
      const ranges = completion.rangesOf(unit).filter((range) => overlaps(range, within));
      const known = byShade.get(shade);
      if (known) known.push(...ranges);
      else if (ranges.length > 0) byShade.set(shade, ranges);
      count += ranges.length;
    }
  }
  return byShade;
}

function overlaps(a: OffsetRange, b: OffsetRange): boolean {
  return a.start <= b.end && a.end >= b.start;
}

function promptsOf(entry: RowEntry): OffsetRange[] {
  if (entry.kind === "bad") return [];
  const { start: from, prompt } = entry.region;
  return prompt.map(({ start, end }) => ({ start: from + start, end: from + end }));
}

function markedOf(entry: RowEntry): OffsetRange[] {
  if (entry.kind === "bad" || entry.region.taken !== "marked") return [];
  const { start: from, completions } = entry.region;
  return completions
    .flatMap(({ texts }) => texts)
    .map(({ text, at }) => ({ start: from + at(0), end: from + at(text.length) }));
}

function problemsOf(entry: RowEntry): (OffsetRange & { readonly text: string })[] {
  const text = rowProblem(entry);
  return text === undefined ? [] : [{ start: entry.region.start, end: entry.region.end, text }];
}

/** Characters of a problem that fit in a lens. */
const longest = 159;

/** Says why a row has no scores and will not get any; undefined if it has or will get them. */
export function rowProblem(entry: RowEntry): string | undefined {
  if (entry.kind === "bad") return `not read: ${oneLine(entry.region.problem, longest)}`;
  return entry.kind === "failed" ? `not scored: ${oneLine(entry.problem, longest)}` : undefined;
}
